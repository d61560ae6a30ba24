/**
 * One thing that was looked at, and what it means. Words are here and not in base/render-error.ts: nothing has failed yet.
 */
import type { HostFacts } from './facts.ts';

/**
 * - `ok`: it is there.
 * - `note`: it is not, and only those who ask for it miss it.
 * - `warn`: containers run, and many of them will miss it.
 * - `fail`: without it no container runs.
 */
export type Verdict = 'ok' | 'note' | 'warn' | 'fail';

export interface Check {
  /** Stays the same from version to version. */
  readonly name: string;
  readonly verdict: Verdict;
  /** What was found, and what it means: no sentence's end, lower case. */
  readonly says: string;
  /** What to do, a command or a sentence each; empty where there is nothing to do. */
  readonly todo: readonly string[];
}

function verdict(kind: Verdict) {
  return (name: string, says: string, ...todo: readonly string[]): Check => ({
    name,
    verdict: kind,
    says,
    todo,
  });
}

export const ok: (name: string, says: string) => Check = verdict('ok');
export const note: (name: string, says: string, ...todo: readonly string[]) => Check =
  verdict('note');
export const warn: (name: string, says: string, ...todo: readonly string[]) => Check =
  verdict('warn');
export const fail: (name: string, says: string, ...todo: readonly string[]) => Check =
  verdict('fail');

/** Containers of a plain user, or of root in a user namespace, need other things than the host's root. */
export const isRootless = ({ caller }: HostFacts): boolean =>
  caller.uid !== 0 || caller.inUserNamespace;

/** `a`, `a and b`, `a, b and c` */
export function listed(words: readonly string[]): string {
  return words.length < 2
    ? words.join('')
    : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}
