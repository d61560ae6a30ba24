/**
 * Puts a process into a container's cgroups.
 */
import type { CgroupPlacement } from '../plan/placement.ts';
import { errnoOf, writeControl } from './control-file.ts';
import { sleep } from './sleep.ts';

const tries = 5;
const pauseMilliseconds = 30;

/** Moves the whole process `pid` (as our pid namespace numbers it) into every directory. */
export function joinCgroup(placement: CgroupPlacement, pid: number): void {
  for (const { path } of placement.directories) joinDirectory(path, pid);
}

/** EINVAL may only mean that the process is still being made (TASK_NEW). */
function joinDirectory(path: string, pid: number): void {
  for (let left = tries; ; left -= 1) {
    try {
      writeControl(path, 'cgroup.procs', String(pid));
      return;
    } catch (error) {
      if (errnoOf(error) !== 'EINVAL' || left === 1) throw error;
      sleep(pauseMilliseconds);
    }
  }
}
