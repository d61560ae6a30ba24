/**
 * Cgroups of a test's own: a name that no one else uses, and an end that leaves nothing behind.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { killAll, type SendSignal } from '../../src/cgroup/apply/kill.ts';
import { readLayout } from '../../src/cgroup/apply/read-layout.ts';
import { removeCgroup } from '../../src/cgroup/apply/remove.ts';
import { type CgroupPlacement, placeContainer } from '../../src/cgroup/plan/placement.ts';

export interface CgroupSandbox {
  /** Absolute cgroupsPath of everything in here. */
  readonly base: string;
  /** Placement of a cgroup below the base, or of the base itself. */
  place(name?: string): CgroupPlacement;
  /** A process that only sleeps; not in any of the cgroups yet. */
  sleeper(): number;
  end(): Promise<void>;
}

/** `kill(pid, signal)`, silent when there is no such process. */
export const sendSignal: SendSignal = (pid, signal) => {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
};

/** Moves the whole process into every directory. */
export function joinCgroup({ directories }: CgroupPlacement, pid: number): void {
  for (const { path } of directories) writeFileSync(`${path}/cgroup.procs`, String(pid));
}

let count = 0;

export function cgroupSandbox(): CgroupSandbox {
  count += 1;
  const base = `/runt-test-${process.pid}-${count}`;
  const children: ChildProcess[] = [];
  const place = (name = ''): CgroupPlacement =>
    placeContainer(readLayout(), { cgroupsPath: `${base}/${name}`, id: 'unused' });
  return {
    base,
    place,
    sleeper: () => {
      const child = spawn('sleep', ['60'], { stdio: 'ignore' });
      children.push(child);
      if (child.pid === undefined) throw new Error('no sleep(1) here');
      return child.pid;
    },
    end: async () => {
      await killAll(place(), sendSignal);
      for (const child of children) child.kill('SIGKILL');
      await removeCgroup(place());
    },
  };
}
