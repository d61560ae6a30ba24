/**
 * What a mount of type `cgroup` in the config stands for: the container's view of its cgroups.
 *
 * v1 (and hybrid, whose v2 tree runc leaves out of containers) has no single file system for it: a
 * tmpfs gets a directory for each hierarchy. v2 is one file system at the destination itself.
 */
import { lastName } from './cgroup-path.ts';
import type { CgroupDirectory, CgroupPlacement } from './placement.ts';

/** `name` is the entry below the destination; empty for the destination itself. */
export type CgroupMount =
  | {
      /** A recursive bind of a host directory. */
      readonly kind: 'bind';
      readonly source: string;
      readonly name: string;
    }
  | {
      /** A new mount of the file system: its root is that of the cgroup namespace. */
      readonly kind: 'filesystem';
      readonly type: 'cgroup' | 'cgroup2';
      /** The file system's own options: on v1 the controllers. */
      readonly options: readonly string[];
      readonly name: string;
      /** A host directory to bind where the kernel refuses the mount with EPERM or EBUSY. */
      readonly orBind?: string;
    }
  | { readonly kind: 'symlink'; readonly name: string; readonly target: string };

export interface CgroupMounts {
  /** A tmpfs (nosuid, nodev, noexec, mode=755) comes first, and holds the entries. */
  readonly tmpfs: boolean;
  readonly entries: readonly CgroupMount[];
}

export interface CgroupViewFacts {
  readonly privateCgroupNamespace: boolean;
  /** The caller's, where the container has none of its own: it sees those that it is in. */
  readonly callers: readonly CgroupDirectory[];
}

export function cgroupMounts(
  placement: CgroupPlacement,
  { privateCgroupNamespace, callers }: CgroupViewFacts,
): CgroupMounts {
  if (placement.mode === 'v2') {
    return {
      tmpfs: false,
      entries: [unifiedMount(placement.directories[0], privateCgroupNamespace)],
    };
  }
  const own = placement.directories.filter((directory) => directory.version === 1);
  const directories = [...own, ...callers];
  const mounts = directories.map((directory): CgroupMount => {
    const name = lastName(directory.mountpoint);
    return privateCgroupNamespace
      ? { kind: 'filesystem', type: 'cgroup', options: directory.controllers, name }
      : { kind: 'bind', source: directory.path, name };
  });
  return { tmpfs: true, entries: [...mounts, ...directories.flatMap(memberLinks)] };
}

/**
 * In a namespace of its own the container gets a mount of its own; in a user namespace the kernel may refuse to, and what
 * it would show is bound. In the host's namespace it is always a bind of the whole tree: a new mount there would put the
 * file system's options (nsdelegate, memory_recursiveprot) back to none, for the host as well (cgroups(7)).
 */
function unifiedMount(directory: CgroupDirectory | undefined, isPrivate: boolean): CgroupMount {
  if (!isPrivate)
    return { kind: 'bind', source: directory?.mountpoint ?? '/sys/fs/cgroup', name: '' };
  const mount = { kind: 'filesystem', type: 'cgroup2', options: [], name: '' } as const;
  return directory === undefined ? mount : { ...mount, orBind: directory.path };
}

/** `cpu -> cpu,cpuacct`: programs look for a controller by its name alone. */
function memberLinks(directory: CgroupDirectory): readonly CgroupMount[] {
  const target = lastName(directory.mountpoint);
  if (!target.includes(',')) return [];
  return target.split(',').map((name) => ({ kind: 'symlink', name, target }));
}
