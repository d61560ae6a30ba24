/**
 * `pause` and `resume`: all processes of a container stop, and go on, by its cgroup's freezer.
 */
import { RuntError } from '../base/errors.ts';
import { demand, recordOf, statusOf } from './observe.ts';
import type { Ports } from './ports.ts';

export async function pause(ports: Ports, id: string): Promise<void> {
  const held = await ports.store.hold(id);
  try {
    const record = recordOf(ports, id);
    demand(statusOf(ports, record, true), 'pause', id);
    await ports.cgroups.pause(record.cgroup);
  } finally {
    held.release();
  }
}

export async function resume(ports: Ports, id: string): Promise<void> {
  const held = await ports.store.hold(id);
  try {
    const record = recordOf(ports, id);
    if (statusOf(ports, record, true) !== 'paused')
      throw new RuntError('container-not-paused', { id });
    ports.cgroups.resume(record.cgroup);
  } finally {
    held.release();
  }
}
