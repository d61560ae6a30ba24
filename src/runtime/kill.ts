/**
 * `kill`: a signal to the container's init, through a pidfd that is surely its own.
 */
import { RuntError } from '../base/errors.ts';
import { openProcess } from '../kernel/process.ts';
import type { ContainerRecord } from '../state/record.ts';
import { recordOf, statusOf } from './observe.ts';
import { allows } from '../state/lifecycle.ts';
import type { Ports } from './ports.ts';
import type { KillRequest } from './requests.ts';

const sigkill = 9;

export async function kill(ports: Ports, { id, signal, all }: KillRequest): Promise<void> {
  const record = recordOf(ports, id);
  const status = statusOf(ports, record, false);
  // without cgroups only the init is known
  const known = record.cgroup.directories.length > 0;
  if (known && (all || (record.sharesPids && signal === sigkill))) {
    const reached = await signalEverything(ports, record, signal);
    if (all || reached || allows(status, 'kill')) return;
  }
  if (!allows(status, 'kill') || !signalInit(ports, record, signal))
    throw new RuntError('container-not-running', { id });
  // v2 lets a frozen process die, v1 keeps it
  if (status === 'paused' && signal === sigkill && record.cgroup.mode !== 'v2')
    ports.cgroups.resume(record.cgroup);
}

/** Where the pid namespace is shared, the death of the init ends nobody else: its cgroup names them all. False: nobody is left. */
async function signalEverything(
  { cgroups }: Ports,
  { cgroup }: ContainerRecord,
  signal: number,
): Promise<boolean> {
  if (cgroups.processes(cgroup).length === 0) return false;
  if (signal === sigkill) await cgroups.killAll(cgroup);
  else await cgroups.signalAll(cgroup, signal);
  return true;
}

function signalInit({ kernel }: Ports, { init }: ContainerRecord, signal: number): boolean {
  const pidfd = init && openProcess(kernel, init);
  if (pidfd === undefined) return false;
  try {
    return kernel.pidfdSignal(pidfd, signal);
  } finally {
    kernel.close(pidfd);
  }
}
