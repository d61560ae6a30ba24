/**
 * The filter of a profile: from the cache, or compiled and kept there.
 */
import type { Logger } from '../../base/log.ts';
import { libraryMark, libseccompName } from '../../kernel/library-file.ts';
import { type ExactProfile, exactProfile, type Profile } from '../exact-values.ts';
import { filterFlags } from '../flags.ts';
import { wordsOf } from '../instruction.ts';
import { filterCache } from './cache.ts';

export interface Filter {
  /** SECCOMP_FILTER_FLAG_* */
  readonly flags: number;
  /** Two numbers an instruction. */
  readonly program: Uint32Array;
}

export interface FilterOrder {
  readonly profile: Profile;
  /** The config that the profile was read from. */
  readonly text: string;
  /** The runtime's root, where programs are kept; nothing is kept without. */
  readonly root: string;
  readonly keep: boolean;
  /** Of runt: another version may compile another program. */
  readonly version: string;
  readonly log: Pick<Logger, 'debug'>;
}

export async function filterOf(order: FilterOrder): Promise<Filter> {
  const { profile, log } = order;
  const flags = filterFlags(profile);
  log.debug(`seccomp filter flags: ${flags}`);
  return { flags, program: wordsOf(await programOf(order)) };
}

async function programOf(order: FilterOrder): Promise<Uint8Array> {
  const { root, keep, version, log } = order;
  const profile = exactProfile(order.profile, order.text);
  const library = libraryMark(libseccompName);
  const cache = library === undefined ? undefined : filterCache(root);
  const key = keyOf(profile, `${version} ${process.arch} ${library ?? ''}`);
  const found = cache?.find(key);
  if (found !== undefined) return found;
  const { compileProfile } = await import('./compile.ts');
  const program = await compileProfile(profile, log);
  if (keep) cache?.keep(key, program);
  return program;
}

/** All that the program depends on. Flags and listener are not part of it. */
function keyOf(profile: ExactProfile, surroundings: string): Uint8Array {
  const { defaultAction, defaultErrnoRet, architectures, syscalls } = profile;
  const text = JSON.stringify(
    { surroundings, defaultAction, defaultErrnoRet, architectures, syscalls },
    hasWide(profile)
      ? (_name, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)
      : undefined,
  );
  return new TextEncoder().encode(text);
}

/** A replacer is called for each value of the profile: only for those that need one. */
const hasWide = ({ syscalls = [] }: ExactProfile): boolean =>
  syscalls.some(({ args = [] }) =>
    args.some(({ value, valueTwo }) => typeof value === 'bigint' || typeof valueTwo === 'bigint'),
  );
