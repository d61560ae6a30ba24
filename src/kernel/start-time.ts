/**
 * When a process began: with its pid it names the process, which a pid alone does not. proc_pid_stat(5).
 */
import { librunt } from './librunt.ts';

export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks after boot. */
  readonly startTime: number;
}

/** Field 22 of /proc/PID/stat; undefined when the process is gone or waits to be reaped. */
export const startTimeOf = (pid: number): number | undefined => ask(pid, 0);

/** The same, also of a child that has ended and that we have not reaped. */
export const startTimeEvenOfZombie = (pid: number): number | undefined => ask(pid, 1);

function ask(pid: number, evenEnded: number): number | undefined {
  const told = librunt().startTime(pid, evenEnded);
  return told < 0 ? undefined : told;
}
