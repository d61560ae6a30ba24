/**
 * v1's cpuset: a new cgroup has neither CPUs nor memory nodes, and no process can join it until it
 * has both. So it gets those of its parent, and a parent without any those of its own parent first.
 */
import { readControl, writeControl } from './control-file.ts';
import type { CgroupDirectory } from '../plan/placement.ts';

export function inheritCpuset(directory: CgroupDirectory): void {
  for (const file of ['cpuset.cpus', 'cpuset.mems'])
    settle(directory.path, directory.mountpoint, file);
}

/** The value that `path` has after an empty one was filled in. */
function settle(path: string, mountpoint: string, file: string): string {
  const value = readControl(path, file).trim();
  if (value !== '' || path === mountpoint) return value;
  const inherited = settle(path.slice(0, path.lastIndexOf('/')), mountpoint, file);
  writeControl(path, file, inherited);
  return inherited;
}
