/** Gives a cgroup to its container's user: the folder, and of its files those that the kernel names. */
import { chownSync, readFileSync } from 'node:fs';
import { type Delegation, usualFiles } from '../plan/delegation.ts';
import { callFailed, isGone } from './control-file.ts';

export function delegate({ path, uid }: Delegation): void {
  chown(path, uid);
  for (const file of delegatedFiles()) {
    try {
      chown(`${path}/${file}`, uid);
    } catch (error) {
      // not every cgroup has each of them
      if (!isGone(error)) throw error;
    }
  }
}

/** `chown(path, uid, -1)` */
function chown(path: string, uid: number): void {
  const sameGroup = 0xffff_ffff;
  try {
    chownSync(path, uid, sameGroup);
  } catch (error) {
    throw callFailed(`give ${path} to user ${uid}`, error);
  }
}

function delegatedFiles(): readonly string[] {
  try {
    return readFileSync('/sys/kernel/cgroup/delegate', 'latin1').split('\n').filter(Boolean);
  } catch {
    return usualFiles;
  }
}
