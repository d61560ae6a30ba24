/**
 * Stops and continues all processes of a container at once.
 *
 * v2 has `cgroup.freeze` in every cgroup. v1 has a hierarchy for it, which at times stays FREEZING
 * while new processes appear: it has to be asked again, and now and then let go for a moment.
 */
import { RuntError } from '../../base/errors.ts';
import {
  type CgroupDirectory,
  type CgroupPlacement,
  type Freezer,
  freezerOf,
} from '../plan/placement.ts';
import { readControl, readControlIfPresent, writeControl } from './control-file.ts';
import { sleep } from './sleep.ts';

/** Someone froze the container's own cgroup; one above it does not count. */
export function isFrozen(freezer: Freezer | undefined): boolean {
  if (freezer === undefined) return false;
  const file = freezer.version === 2 ? 'cgroup.freeze' : 'freezer.self_freezing';
  return readControlIfPresent(freezer.path, file)?.trim() === '1';
}

/** `pause`: stops all processes of the container. Fails where the host has nothing to do it with. */
export function pauseAll(placement: CgroupPlacement): void {
  freeze(demandFreezer(placement));
}

/** `resume`: lets them go on. */
export function resumeAll(placement: CgroupPlacement): void {
  thaw(demandFreezer(placement));
}

function demandFreezer(placement: CgroupPlacement): CgroupDirectory {
  const directory = freezerOf(placement);
  if (directory !== undefined) return directory;
  const what = placement.directories.length > 0 ? 'a cgroup freezer' : 'a cgroup of this container';
  throw new RuntError('host-lacks', { what, needed: 'pause and resume' });
}

/** Returns when every process has stopped; fails, with the container running, when that takes too long. */
export function freeze(directory: CgroupDirectory): void {
  const isStopped = directory.version === 2 ? freezeV2(directory.path) : freezeV1(directory.path);
  if (isStopped) return;
  thaw(directory);
  throw new RuntError('busy', { what: `cgroup ${directory.path} cannot be frozen` });
}

export function thaw({ version, path }: CgroupDirectory): void {
  if (version === 2) writeControl(path, 'cgroup.freeze', '0');
  else writeControl(path, 'freezer.state', 'THAWED');
}

function freezeV2(path: string): boolean {
  writeControl(path, 'cgroup.freeze', '1');
  for (let wait = 1; wait <= 1024; wait *= 2) {
    if (/^frozen 1$/m.test(readControl(path, 'cgroup.events'))) return true;
    sleep(wait);
  }
  return false;
}

/** The numbers are runc's, found by trying on slow machines. */
function freezeV1(path: string): boolean {
  for (let tries = 1; tries <= 1000; tries += 1) {
    if (tries % 50 === 0) {
      writeControl(path, 'freezer.state', 'THAWED');
      sleep(10);
    }
    writeControl(path, 'freezer.state', 'FROZEN');
    if (readControl(path, 'freezer.state').trim() === 'FROZEN') return true;
  }
  return false;
}
