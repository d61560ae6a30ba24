/**
 * The processes of a container that has no cgroup: those in the pid namespace that is its own; in one that it shares, the
 * only one that is known.
 */
import { readdirSync, statSync } from 'node:fs';
import { isAlive } from '../../kernel/process.ts';
import type { ContainerRecord } from '../../state/record.ts';

export function processesWithout({
  init,
  sharesPids,
}: Pick<ContainerRecord, 'init' | 'sharesPids'>): readonly number[] {
  if (init === undefined || !isAlive(init)) return [];
  const own = pidNamespaceOf(String(init.pid));
  if (sharesPids || own === undefined) return [init.pid];
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && pidNamespaceOf(entry) === own)
    .map(Number);
}

/** Its number; undefined for a process that has ended, or whose namespaces are not ours to see. */
function pidNamespaceOf(pid: string): number | undefined {
  try {
    return statSync(`/proc/${pid}/ns/pid`).ino;
  } catch {
    return undefined;
  }
}
