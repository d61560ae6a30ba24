/**
 * Children of a program that goes on. Each is waited for in one place, once, and reaped at its end: a zombie would stay as long as
 * the program, and keep the pid namespace that it is in from ending.
 */
import type { Librunt } from './librunt.ts';
import { type ProcessIdentity, startTimeEvenOfZombie } from './start-time.ts';
import type { Watch } from './watch.ts';

export interface Children {
  /** Waits for a child, whose pidfd stays open until then; its wait status, or undefined where somebody else has reaped it. */
  adopt(child: Child): Promise<number | undefined>;
  /** The same wait, for whoever asks for exactly this process; undefined for one that was not adopted. */
  endOf(identity: ProcessIdentity): Promise<number | undefined> | undefined;
  /** Nobody will ask for it any more. */
  forget(pid: number): void;
}

export interface Child {
  readonly pid: number;
  readonly pidfd: number;
  /** Until `forget`, also after its end. */
  readonly keepsStatus: boolean;
}

interface Entry {
  readonly startTime: number | undefined;
  readonly end: Promise<number | undefined>;
}

export function makeChildren(lib: Librunt, watch: Watch): Children {
  const entries = new Map<number, Entry>();
  const wait = async ({ pid, pidfd }: Child): Promise<number | undefined> => {
    await watch.readable(pidfd, Number.POSITIVE_INFINITY, `wait for process ${pid}`);
    const status = lib.wait(pid);
    return status < 0 ? undefined : status;
  };
  return {
    async adopt(child) {
      const { pid, keepsStatus } = child;
      // its pid is its own until it is reaped
      const entry = { startTime: startTimeEvenOfZombie(pid), end: wait(child) };
      entries.set(pid, entry);
      try {
        return await entry.end;
      } finally {
        if (!keepsStatus && entries.get(pid) === entry) entries.delete(pid);
      }
    },
    endOf({ pid, startTime }) {
      const entry = entries.get(pid);
      return entry?.startTime === startTime ? entry.end : undefined;
    },
    forget: (pid) => void entries.delete(pid),
  };
}
