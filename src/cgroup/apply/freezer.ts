/**
 * Stops and continues all processes of a container at once.
 *
 * v2 has `cgroup.freeze` in every cgroup, v1 a hierarchy for it, and either is done when the last process has stopped.
 * One that a quota or a busy machine keeps from the processor stops when it gets there, which takes patience. One that
 * waits in the kernel for another that has stopped already never does: v1 has to let all of them go on for a moment.
 */
import { RuntError } from '../../base/errors.ts';
import { inTurns } from '../../kernel/in-turns.ts';
import {
  type CgroupDirectory,
  type CgroupPlacement,
  type Freezer,
  freezerOf,
} from '../plan/placement.ts';
import { readControl, readControlIfPresent, writeControl } from './control-file.ts';

/** In ms. A quota may let a process wait for a second (the longest period), and several take turns. */
const patienceOfPause = 10_000;
const firstAttempt = 50;
const momentToGoOn = 10;

/** Someone froze the container's own cgroup; one above it does not count. */
export function isFrozen(freezer: Freezer | undefined): boolean {
  if (freezer === undefined) return false;
  const file = freezer.version === 2 ? 'cgroup.freeze' : 'freezer.self_freezing';
  return readControlIfPresent(freezer.path, file)?.trim() === '1';
}

/** `pause`: stops all processes of the container. Fails where the host has nothing to do it with. */
export async function pauseAll(placement: CgroupPlacement): Promise<void> {
  await freeze(demandFreezer(placement), patienceOfPause);
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

/** Returns when every process has stopped; fails, with the container running, when that takes longer than `patience` ms. */
export async function freeze(directory: CgroupDirectory, patience: number): Promise<void> {
  const { version, path } = directory;
  if (await (version === 2 ? freezeV2(path, patience) : freezeV1(path, patience))) return;
  thaw(directory);
  const what = `cgroup ${path} cannot be frozen: a process in it did not stop within ${patience / 1000} s`;
  throw new RuntError('busy', { what });
}

export function thaw({ version, path }: CgroupDirectory): void {
  if (version === 2) writeControl(path, 'cgroup.freeze', '0');
  else writeControl(path, 'freezer.state', 'THAWED');
}

function freezeV2(path: string, patience: number): Promise<boolean> {
  writeControl(path, 'cgroup.freeze', '1');
  return inTurns(() => /^frozen 1$/m.test(readControl(path, 'cgroup.events')), patience);
}

/** Each attempt lasts longer than the one before: to let go on also undoes what has stopped by then. */
async function freezeV1(path: string, patience: number): Promise<boolean> {
  const end = Date.now() + patience;
  const isStopped = (): boolean => {
    writeControl(path, 'freezer.state', 'FROZEN');
    return readControl(path, 'freezer.state').trim() === 'FROZEN';
  };
  for (let attempt = firstAttempt; ; attempt *= 2) {
    if (await inTurns(isStopped, Math.min(attempt, end - Date.now()))) return true;
    if (Date.now() >= end) return false;
    writeControl(path, 'freezer.state', 'THAWED');
    await inTurns(() => false, momentToGoOn);
  }
}
