/**
 * What a conformance case is: one sentence of the specification, a change to a config, and a check on what came of it.
 */
import type { Report } from './report.ts';
import type { Stage } from './stage.ts';

export type Level = 'MUST' | 'SHOULD' | 'MAY';

/** JSON pointer to what is to stand there; `-` appends to a list, undefined takes the member away. */
export type Change = Readonly<Record<string, unknown>>;

/** The places of one case, all its own. */
export interface World {
  readonly id: string;
  readonly bundle: string;
  readonly rootfs: string;
  /** A folder outside of the bundle, for hooks and sources of mounts. */
  readonly outside: string;
  readonly cgroup: string;
  readonly runtime: string;
}

/** What a container that ran to its end has left. */
export interface Seen {
  readonly world: World;
  readonly report: Report;
  /** The same program, run by the same parent without a container. */
  readonly host: Report;
  readonly stderr: string;
  readonly status: number | null;
}

interface Requirement {
  /** File and heading of the specification, such as `config-linux.md#masked-paths`. */
  readonly section: string;
  readonly level: Level;
  /** The requirement, in our own words. */
  readonly says: string;
  /** Why this machine cannot run it; undefined when it can. */
  readonly needs?: () => string | undefined;
  /** What keeps a peer from passing, when something does. */
  readonly peers?: Readonly<Partial<Record<'runc' | 'crun', string>>>;
  /** Only runt is asked: about words that are its own. */
  readonly own?: true;
  readonly change?: Change | ((world: World) => Change);
  /** Files and folders, before the container is made. */
  readonly prepare?: (world: World) => void;
  /** Takes back what `prepare` did outside of the case's folder. */
  readonly clean?: (world: World) => void;
}

/** Runs to its end; the probe's report is looked at. */
export interface InsideCase extends Requirement {
  readonly kind: 'inside';
  readonly ask: readonly string[];
  readonly terminal: boolean;
  readonly check: (seen: Seen) => void;
}

/** `create` fails and leaves nothing; runt also names the fault. */
export interface RefusedCase extends Requirement {
  readonly kind: 'refused';
  /** runt's code of the finding and its place; without one only the failure counts. */
  readonly finding?: { readonly code: string; readonly pointer: string };
  /** Words that runt's message has to contain. */
  readonly message?: string;
}

/** A life of its own: the case gives the commands. */
export interface LifeCase extends Requirement {
  readonly kind: 'life';
  readonly ask: readonly string[];
  readonly live: (stage: Stage) => void;
}

export type Case = InsideCase | RefusedCase | LifeCase;

type Head = readonly [section: string, level: Level, says: string];
type Rest<C extends Case> = Omit<C, 'kind' | 'section' | 'level' | 'says' | 'ask' | 'terminal'> &
  Partial<Pick<C, Extract<keyof C, 'ask' | 'terminal'>>>;

const head = ([section, level, says]: Head) => ({ section, level, says });

export function inside(at: Head, rest: Rest<InsideCase>): InsideCase {
  return { ask: [], terminal: false, ...rest, ...head(at), kind: 'inside' };
}

export function refused(at: Head, rest: Rest<RefusedCase>): RefusedCase {
  return { ...rest, ...head(at), kind: 'refused' };
}

export function life(at: Head, rest: Rest<LifeCase>): LifeCase {
  return { ask: [], ...rest, ...head(at), kind: 'life' };
}
