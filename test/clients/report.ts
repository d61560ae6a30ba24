/**
 * What main.ts and world.ts say to each other.
 */
import type { Images } from './images.ts';

export interface Order {
  readonly client: string;
  readonly cases: readonly string[];
  readonly name: string;
  readonly folder: string;
  readonly images: Images;
  readonly runtime: { readonly name: 'runt' | 'runc'; readonly path: string };
}

export interface Report {
  readonly name: string;
  /** `broken`: the case was not even tried, which is nobody's fault but the tests'. */
  readonly outcome: 'passed' | 'failed' | 'skipped' | 'broken';
  /** Why, unless it passed. */
  readonly reason?: string;
  readonly seconds: number;
}

/** The case that every client has besides its own. */
export const lastCase = 'is ended, and leaves no process, mount or cgroup';
