/**
 * Processes by pid and start time: a pid alone may have been given to somebody else since. proc_pid_stat(5).
 */
import { openSync } from 'node:fs';
import { RuntError } from '../base/errors.ts';
import type { Kernel } from './kernel.ts';
import { type ProcessIdentity, startTimeOf } from './start-time.ts';

export { type ProcessIdentity, startTimeOf };

export const isAlive = ({ pid, startTime }: ProcessIdentity): boolean =>
  startTimeOf(pid) === startTime;

/** namespaces(7): names of the links in /proc/PID/ns that are not the type's own. */
const namespaceLinks: ReadonlyMap<string, string> = new Map([
  ['mount', 'mnt'],
  ['network', 'net'],
]);

/**
 * The namespaces of exactly this process, for kernels that take no pidfd in its place. The start time is read after the
 * opens: had the pid been given to somebody else before, it would be another one. undefined when it is gone.
 */
export function openNamespaces(
  kernel: Kernel,
  identity: ProcessIdentity,
  types: readonly string[],
): number[] | undefined {
  const opened: number[] = [];
  const close = () => {
    for (const descriptor of opened) kernel.close(descriptor);
  };
  try {
    for (const type of types)
      opened.push(openSync(`/proc/${identity.pid}/ns/${namespaceLinks.get(type) ?? type}`, 'r'));
  } catch (cause) {
    close();
    const errno = cause instanceof Error && 'code' in cause ? String(cause.code) : 'EIO';
    // a process that is ending has let go of its namespaces already
    if (errno === 'ENOENT' || errno === 'ESRCH') return undefined;
    const doing = `open the namespaces of process ${identity.pid}`;
    throw new RuntError('system-call', { doing, errno }, { cause });
  }
  if (isAlive(identity)) return opened;
  close();
  return undefined;
}

/** A pidfd of exactly this process. The start time is read after the open: from then on the pid cannot be reused. */
export function openProcess(kernel: Kernel, identity: ProcessIdentity): number | undefined {
  const pidfd = kernel.pidfdOpen(identity.pid);
  if (pidfd === undefined) return undefined;
  if (isAlive(identity)) return pidfd;
  kernel.close(pidfd);
  return undefined;
}
