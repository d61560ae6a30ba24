/**
 * How this host offers cgroups: which hierarchies are mounted where, and where in them we are.
 *
 * In:  the texts of /proc/self/mountinfo and /proc/self/cgroup. Out: data, in the kernel's order.
 */
import { isWithin } from './cgroup-path.ts';
import { cgroupMountLines, type CgroupMountLine } from './mountinfo.ts';

/**
 * v1: one hierarchy for each controller or group of them. v2: one for all. hybrid: v1 ones, and
 * beside them a v2 one for membership.
 */
export type CgroupMode = 'v1' | 'hybrid' | 'v2';

export interface CgroupHierarchy {
  readonly version: 1 | 2;
  /** The names by which v1 knows the hierarchy, such as `cpu` and `cpuacct`, or `name=systemd`; none on v2. */
  readonly controllers: readonly string[];
  readonly mountpoint: string;
  /** The directory of the hierarchy that is mounted there. */
  readonly root: string;
  /** Our own cgroup as a path below the mount point; `/` when it is the mounted root or lies outside of it. */
  readonly own: string;
}

export interface CgroupLayout {
  readonly mode: CgroupMode;
  readonly hierarchies: readonly CgroupHierarchy[];
}

/** Where a host with v2 alone has it; a v1 hierarchy that hangs elsewhere does not change the mode. */
const unifiedMountpoint = '/sys/fs/cgroup';

export function parseLayout(mountinfo: string, procSelfCgroup: string): CgroupLayout {
  const own = parseOwn(procSelfCgroup);
  const mounts = cgroupMountLines(mountinfo);
  const mode = modeOf(mounts);
  const hierarchies: CgroupHierarchy[] = [];
  const seen = new Set<string>();
  for (const mount of mounts) {
    if (mode === 'v2' && mount.version === 1) continue;
    const controllers = mount.version === 2 ? [] : mount.options.filter((name) => own.has(name));
    // a hierarchy whose name /proc/self/cgroup does not know is none that a process can be in
    if (mount.version === 1 && controllers.length === 0) continue;
    const name = controllers.join(',');
    if (seen.has(name)) continue;
    seen.add(name);
    hierarchies.push({
      version: mount.version,
      controllers,
      mountpoint: mount.mountpoint,
      root: mount.root,
      own: belowRoot(own.get(controllers[0] ?? '') ?? '/', mount.root),
    });
  }
  return { mode, hierarchies };
}

/** Without any mount the mode is v1: an empty tree is shown to the container, and not the host's. */
function modeOf(mounts: readonly CgroupMountLine[]): CgroupMode {
  const unified = mounts.filter((mount) => mount.version === 2);
  if (unified.length === 0) return 'v1';
  const isPure =
    unified.length === mounts.length ||
    unified.some((mount) => mount.mountpoint === unifiedMountpoint);
  return isPure ? 'v2' : 'hybrid';
}

/** Controller (empty for v2) → our cgroup, from lines such as `4:cpu,cpuacct:/user.slice`. */
function parseOwn(procSelfCgroup: string): ReadonlyMap<string, string> {
  const own = new Map<string, string>();
  for (const line of procSelfCgroup.split('\n')) {
    const first = line.indexOf(':');
    const second = line.indexOf(':', first + 1);
    if (first < 0 || second < 0) continue;
    for (const name of line.slice(first + 1, second).split(',')) {
      own.set(name, line.slice(second + 1));
    }
  }
  return own;
}

/** In a container without a cgroup namespace the kernel tells the host's path, and the mount shows a part of the tree. */
function belowRoot(path: string, root: string): string {
  // `/../x`: outside of our cgroup namespace
  if (path.startsWith('/..') || !isWithin(path, root)) return '/';
  const below = root === '/' ? path : path.slice(root.length);
  return below === '' ? '/' : below;
}
