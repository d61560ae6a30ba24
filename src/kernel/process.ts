/**
 * Processes by pid and start time: a pid alone may have been given to somebody else since. proc_pid_stat(5).
 */
import { readFileSync } from 'node:fs';
import type { Kernel } from './kernel.ts';

export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks after boot. */
  readonly startTime: number;
}

/** Field 22 of /proc/PID/stat; undefined when the process is gone or waits to be reaped. */
export function startTimeOf(pid: number): number | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  // the command, in parentheses, may hold anything, parentheses too
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[0];
  if (state === 'Z' || state === 'X') return undefined;
  const startTime = Number(fields[19]);
  return Number.isSafeInteger(startTime) ? startTime : undefined;
}

export const isAlive = ({ pid, startTime }: ProcessIdentity): boolean =>
  startTimeOf(pid) === startTime;

/** A pidfd of exactly this process. The start time is read after the open: from then on the pid cannot be reused. */
export function openProcess(kernel: Kernel, identity: ProcessIdentity): number | undefined {
  const pidfd = kernel.pidfdOpen(identity.pid);
  if (pidfd === undefined) return undefined;
  if (isAlive(identity)) return pidfd;
  kernel.close(pidfd);
  return undefined;
}
