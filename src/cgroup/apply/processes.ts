/**
 * Which processes are in a container's cgroups, those that it made for itself included.
 *
 * Membership is the same in every hierarchy, so one of them is asked.
 */
import { readdirSync, readFileSync } from 'node:fs';
import type { CgroupDirectory, CgroupPlacement } from '../plan/placement.ts';
import { callFailed, isGone, isUnsupported, readControl } from './control-file.ts';

/** Host pids (as our own pid namespace numbers them), in no order; empty when the cgroup is not there. */
export function processesIn(placement: CgroupPlacement): readonly number[] {
  const directory = membershipDirectory(placement);
  return directory === undefined ? [] : processesBelow(directory.path);
}

/** All processes in `path` and below it. */
export function processesBelow(path: string): readonly number[] {
  try {
    const own = ownProcesses(path);
    const children = childCgroups(path);
    return children.length === 0 ? own : [...own, ...children.flatMap(processesBelow)];
  } catch (error) {
    // a cgroup can be removed while we look
    if (isGone(error)) return [];
    throw error;
  }
}

/** Absolute paths of the cgroups made in `path`. */
export function childCgroups(path: string): readonly string[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => `${path}/${entry.name}`);
  } catch (error) {
    throw callFailed(`read cgroup ${path}`, error);
  }
}

/** runc asks the devices hierarchy on v1, too: no container is without it. */
function membershipDirectory({ directories }: CgroupPlacement): CgroupDirectory | undefined {
  return directories.find(({ controllers }) => controllers.includes('devices')) ?? directories[0];
}

function ownProcesses(path: string): readonly number[] {
  return readPids(path)
    .split('\n')
    .filter((line) => line !== '')
    .map(Number)
    .filter((pid) => pid !== 0); // 0: a process that our pid namespace does not see
}

/** A threaded cgroup does not tell its processes, only its threads; a signal to either reaches the process. */
function readPids(path: string): string {
  try {
    return readControl(path, 'cgroup.procs');
  } catch (error) {
    if (!isUnsupported(error)) throw error;
    return readControl(path, 'cgroup.threads');
  }
}

/** Where a process is in the v2 tree, which /proc tells as seen from our cgroup namespace; undefined when it has ended. */
export function unifiedPathOf({ directories }: CgroupPlacement, pid: number): string | undefined {
  const mountpoint = directories.find(({ version }) => version === 2)?.mountpoint;
  try {
    const [, path] = /^0::(\/.*)$/m.exec(readFileSync(`/proc/${pid}/cgroup`, 'utf8')) ?? [];
    if (mountpoint === undefined || path === undefined || path.startsWith('/..')) return undefined;
    return path === '/' ? mountpoint : mountpoint + path;
  } catch {
    return undefined;
  }
}
