/**
 * `wait`: for the end of a container's init, by a program that goes on.
 */
import { RuntError } from '../base/errors.ts';
import { openProcess } from '../kernel/process.ts';
import { exitStatusOf } from './foreground.ts';
import { recordOf } from './observe.ts';
import type { Ports } from './ports.ts';

export async function wait(ports: Ports, id: string): Promise<number | undefined> {
  const { kernel } = ports;
  const { init } = recordOf(ports, id);
  if (init === undefined)
    throw new RuntError('wrong-status', { id, verb: 'wait', status: 'creating' });
  const end = kernel.endOf(init);
  if (end) {
    const status = await end;
    return status === undefined ? undefined : exitStatusOf(status);
  }
  const pidfd = openProcess(kernel, init);
  if (pidfd === undefined) return undefined;
  try {
    await kernel.pidfdWait(pidfd, Number.POSITIVE_INFINITY);
  } finally {
    kernel.close(pidfd);
  }
  return undefined;
}
