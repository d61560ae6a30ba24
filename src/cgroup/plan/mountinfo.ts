/**
 * The cgroup mounts among the lines of /proc/PID/mountinfo (see proc_pid_mountinfo(5)).
 *
 * Out: only mounts that a path can reach. A mount that a later one covers is still listed by the
 * kernel: after `mount -t cgroup2 none /sys/fs/cgroup` all the v1 hierarchies below are, too.
 *
 * Plain loops: this runs in every `create`, and a host may have thousands of mounts.
 */
import { unescapeOctal } from '../../base/octal.ts';
import { isWithin } from './cgroup-path.ts';

export interface CgroupMountLine {
  readonly version: 1 | 2;
  readonly mountpoint: string;
  /** Which directory of the hierarchy is mounted; not `/` inside a container. */
  readonly root: string;
  /** The superblock's options: on v1 they name the controllers. */
  readonly options: readonly string[];
}

interface Mount {
  readonly id: string;
  readonly parent: string;
  readonly mountpoint: string;
}

/** In the kernel's order. */
export function cgroupMountLines(mountinfo: string): readonly CgroupMountLine[] {
  const lines = mountinfo.split('\n');
  const found: { readonly mount: Mount; readonly line: CgroupMountLine }[] = [];
  for (const text of lines) {
    const line = parseCgroupMount(text);
    if (line !== undefined) found.push({ mount: parseMount(text), line });
  }
  const inTheWay = mountsAt(directoriesTo(found.map(({ line }) => line.mountpoint)), lines);
  const byId = new Map<string, Mount>();
  for (const mount of inTheWay) byId.set(mount.id, mount);
  const reached: CgroupMountLine[] = [];
  for (const { mount, line } of found) if (!isCovered(mount, inTheWay, byId)) reached.push(line);
  return reached;
}

/** The fields after ` - ` are the type, the source and the superblock's options. */
function parseCgroupMount(text: string): CgroupMountLine | undefined {
  const separator = text.indexOf(' - cgroup');
  if (separator < 0) return undefined;
  const [type, , options = ''] = text.slice(separator + 3).split(' ');
  if (type !== 'cgroup' && type !== 'cgroup2') return undefined;
  const [, , , root = '/', mountpoint = '/'] = text.split(' ', 5);
  return {
    version: type === 'cgroup' ? 1 : 2,
    mountpoint: unescapeOctal(mountpoint),
    root: unescapeOctal(root),
    options: options.split(','),
  };
}

function parseMount(text: string): Mount {
  const [id = '', parent = '', , , mountpoint = ''] = text.split(' ', 5);
  return { id, parent, mountpoint: unescapeOctal(mountpoint) };
}

/** The paths themselves and every directory on the way to them. */
function directoriesTo(paths: readonly string[]): ReadonlySet<string> {
  const directories = new Set(['/']);
  for (const path of paths) {
    for (let at = path; at !== '' && !directories.has(at); at = at.slice(0, at.lastIndexOf('/'))) {
      directories.add(at);
    }
  }
  return directories;
}

function mountsAt(directories: ReadonlySet<string>, lines: readonly string[]): readonly Mount[] {
  const mounts: Mount[] = [];
  for (const text of lines) {
    const mount = parseMount(text);
    if (directories.has(mount.mountpoint)) mounts.push(mount);
  }
  return mounts;
}

/**
 * Another mount sits on this one, or in the path's way on one below which this one hangs. On a mount that is itself covered at its root,
 * by one through which the path goes, nothing else is in the way.
 */
function isCovered(
  mount: Mount,
  inTheWay: readonly Mount[],
  byId: ReadonlyMap<string, Mount>,
): boolean {
  const ways = waysThrough(mount, byId);
  for (const other of inTheWay) {
    const leftAt = ways.get(other.parent);
    if (leftAt !== undefined && !ways.has(other.id) && isWithin(leftAt, other.mountpoint))
      return true;
  }
  return false;
}

/** The ids of the mount and of all that it hangs below, each with the path at which one leaves it for the next. */
function waysThrough(mount: Mount, byId: ReadonlyMap<string, Mount>): ReadonlyMap<string, string> {
  const ways = new Map([[mount.id, mount.mountpoint]]);
  let at: Mount | undefined = mount;
  while (at !== undefined && !ways.has(at.parent)) {
    ways.set(at.parent, at.mountpoint);
    at = byId.get(at.parent);
  }
  return ways;
}
