/**
 * A mount's options in three parts: attributes of the mount, its propagation, and parameters of the file system.
 * config.md#linux-mount-options.
 *
 * One surprise: setting any atime mode needs the whole atime field cleared first (mount_setattr(2)). Atime modes of a
 * single mount are in atime.ts; those here are for whole trees.
 */
import { atimeAttributes, isAtimeWord } from './atime.ts';
import { type Attributes, mountAttr, propagation } from './flags.ts';

export interface MountOptions {
  readonly bind: boolean;
  /** rbind: the whole tree. */
  readonly recursiveBind: boolean;
  readonly remount: boolean;
  /** Owners are mapped: of this mount alone, or of the whole tree. */
  readonly idmap?: 'mount' | 'tree';
  /** A tmpfs starts with what it covers. */
  readonly copyUp: boolean;
  /** Of this mount alone, and of everything below it (`rro` and its like). */
  readonly own: Attributes;
  /** Any flag of mount(2) is named, be it to clear it: then a bind mount loses those of its source. */
  readonly named: boolean;
  readonly recursive: Attributes;
  readonly propagation?: { readonly type: number; readonly recursive: boolean };
  /** `name` or `name=value`, for fsconfig(2). */
  readonly parameters: readonly string[];
}

const { atimeMask } = mountAttr;

/** Each attribute option without its `r`: what it sets and what it clears. */
const attributes: ReadonlyMap<string, Attributes> = new Map(
  Object.entries({
    ro: { set: mountAttr.readOnly, clear: 0 },
    rw: { set: 0, clear: mountAttr.readOnly },
    nosuid: { set: mountAttr.noSuid, clear: 0 },
    suid: { set: 0, clear: mountAttr.noSuid },
    nodev: { set: mountAttr.noDev, clear: 0 },
    dev: { set: 0, clear: mountAttr.noDev },
    noexec: { set: mountAttr.noExec, clear: 0 },
    exec: { set: 0, clear: mountAttr.noExec },
    nodiratime: { set: mountAttr.noDirAtime, clear: 0 },
    diratime: { set: 0, clear: mountAttr.noDirAtime },
    nosymfollow: { set: mountAttr.noSymFollow, clear: 0 },
    symfollow: { set: 0, clear: mountAttr.noSymFollow },
    relatime: { set: 0, clear: atimeMask },
    norelatime: { set: 0, clear: atimeMask },
    noatime: { set: mountAttr.noAtime, clear: atimeMask },
    atime: { set: 0, clear: atimeMask },
    strictatime: { set: mountAttr.strictAtime, clear: atimeMask },
    nostrictatime: { set: 0, clear: atimeMask },
  }),
);

/**
 * Accepted, and without effect in the mount API: noise in the kernel's log, what is the default anyway, and versions of
 * inodes, which file systems that have them count unasked.
 */
const noise: ReadonlySet<string> = new Set(['silent', 'loud', 'iversion', 'noiversion']);

/** Parameters that the kernel knows for every file system: fsconfig(2). */
const superblock: ReadonlySet<string> = new Set(
  'async dirsync lazytime mand nolazytime nomand sync'.split(' '),
);

/** Neither an attribute nor the file system's: what the runtime itself does. */
const words: ReadonlySet<string> = new Set([
  'bind',
  'rbind',
  'remount',
  'idmap',
  'ridmap',
  'tmpcopyup',
]);

const both = (left: Attributes, right: Attributes): Attributes => ({
  // a later option wins over an earlier one
  set: (left.set & ~right.clear) | right.set,
  clear: left.clear | right.clear,
});

const none: Attributes = { set: 0, clear: 0 };

export function parseMountOptions(options: readonly string[]): MountOptions {
  let own = none;
  let recursive = none;
  let named = false;
  let spread: MountOptions['propagation'];
  const seen = new Set<string>();
  const parameters: string[] = [];
  for (const option of options) {
    const plain = isAtimeWord(option) ? none : attributes.get(option);
    const deep = option.startsWith('r') ? attributes.get(option.slice(1)) : undefined;
    const type = propagationOf(option);
    named ||= plain !== undefined || superblock.has(option) || noise.has(option);
    if (plain !== undefined) own = both(own, plain);
    else if (deep !== undefined) recursive = both(recursive, deep);
    else if (type !== undefined) spread = type;
    else if (words.has(option)) seen.add(option);
    else if (!noise.has(option) && option !== 'defaults' && option !== '') parameters.push(option);
  }
  return {
    bind: seen.has('bind') || seen.has('rbind'),
    recursiveBind: seen.has('rbind'),
    remount: seen.has('remount'),
    ...(seen.has('idmap') && { idmap: 'mount' }),
    ...(seen.has('ridmap') && { idmap: 'tree' }),
    copyUp: seen.has('tmpcopyup'),
    own: both(own, atimeAttributes(options)),
    named,
    recursive,
    ...(spread && { propagation: spread }),
    parameters,
  };
}

const propagations: ReadonlyMap<string, number> = new Map(Object.entries(propagation));

/** Every option that is not left to the file system, for `features`. */
export function mountOptionNames(): string[] {
  const deepToo = [...attributes.keys(), ...Object.keys(propagation)];
  const names = [...deepToo, ...deepToo.map((name) => `r${name}`), ...words, ...noise];
  return [...names, ...superblock, 'defaults'].toSorted();
}

/** `shared`, `rslave` and their like; undefined for any other word. */
export function propagationOf(option: string): { type: number; recursive: boolean } | undefined {
  const plain = propagations.get(option);
  if (plain !== undefined) return { type: plain, recursive: false };
  const deep = option.startsWith('r') ? propagations.get(option.slice(1)) : undefined;
  return deep === undefined ? undefined : { type: deep, recursive: true };
}
