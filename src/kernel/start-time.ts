/**
 * When a process began: with its pid it names the process, which a pid alone does not. proc_pid_stat(5).
 */
import { readFileSync } from 'node:fs';

export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks after boot. */
  readonly startTime: number;
}

/** Field 22 of /proc/PID/stat; undefined when the process is gone or waits to be reaped. */
export function startTimeOf(pid: number): number | undefined {
  const found = lookAt(pid);
  return found?.ended ? undefined : found?.startTime;
}

function lookAt(pid: number): { ended: boolean; startTime: number } | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  // the command, in parentheses, may hold anything, parentheses too
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[0];
  const startTime = Number(fields[19]);
  if (!Number.isSafeInteger(startTime)) return undefined;
  return { ended: state === 'Z' || state === 'X', startTime };
}

/** The same, also of a child that has ended and that we have not reaped. */
export const startTimeEvenOfZombie = (pid: number): number | undefined => lookAt(pid)?.startTime;
