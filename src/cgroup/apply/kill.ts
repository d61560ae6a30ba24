/**
 * Signals all processes of a container, known by their cgroup.
 *
 * Processes are stopped while they are listed and signalled, so that none forks away in between and
 * no pid gets a new owner. Where the kernel has `cgroup.kill` it does all of this itself.
 */
import { RuntError } from '../../base/errors.ts';
import { inTurns } from '../../kernel/in-turns.ts';
import { type CgroupPlacement, freezerOf } from '../plan/placement.ts';
import { isGone, isUnsupported, writeControl } from './control-file.ts';
import { freeze, isFrozen, thaw } from './freezer.ts';
import { processesIn } from './processes.ts';

/** `kill(pid, signal)` — does nothing when there is no such process. */
export type SendSignal = (pid: number, signal: number) => void;

const sigkill = 9;
const boundMilliseconds = 10_000;
/** Freezing only makes the listing exact: what slips through is met in the next round. */
const patienceToFreeze = 500;

/** One signal to each process. A container that was frozen stays frozen. */
export async function signalAll(
  placement: CgroupPlacement,
  signal: number,
  send: SendSignal,
): Promise<void> {
  const keepFrozen = isFrozen(freezerOf(placement));
  if (!keepFrozen) await tryFreeze(placement);
  try {
    for (const pid of processesIn(placement)) send(pid, signal);
  } finally {
    if (!keepFrozen) tryThaw(placement);
  }
}

/** Returns when no process is left; fails when one outlives ten seconds of SIGKILL. */
export async function killAll(placement: CgroupPlacement, send: SendSignal): Promise<void> {
  let left = processesIn(placement);
  if (left.length === 0) return;
  if (!killByKernel(placement)) await signalAll(placement, sigkill, send);
  const isEmpty = (): boolean => {
    // v1 keeps a frozen process alive even after SIGKILL, so it is thawed whoever froze it
    if (placement.mode !== 'v2') tryThaw(placement);
    left = processesIn(placement);
    // one that forked away, or that the hybrid's v2 tree does not hold
    for (const pid of left) send(pid, sigkill);
    return left.length === 0;
  };
  if (!(await inTurns(isEmpty, boundMilliseconds))) throw survivors(placement, left.length);
}

function survivors({ directories }: CgroupPlacement, count: number): RuntError {
  const path = directories[0]?.path ?? '';
  return new RuntError('busy', { what: `cgroup ${path} still holds ${count} process(es)` });
}

/** False where there is no `cgroup.kill` (before Linux 5.14, in a threaded cgroup, and on v1). */
function killByKernel(placement: CgroupPlacement): boolean {
  const directory = placement.directories.find(({ version }) => version === 2);
  if (directory === undefined) return false;
  try {
    writeControl(directory.path, 'cgroup.kill', '1');
    return true;
  } catch (error) {
    if (isGone(error) || isUnsupported(error)) return false;
    throw error;
  }
}

async function tryFreeze(placement: CgroupPlacement): Promise<void> {
  const directory = freezerOf(placement);
  if (directory === undefined) return;
  try {
    await freeze(directory, patienceToFreeze);
  } catch {
    // it is done without
  }
}

function tryThaw(placement: CgroupPlacement): void {
  const directory = freezerOf(placement);
  if (directory === undefined) return;
  try {
    thaw(directory);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}
