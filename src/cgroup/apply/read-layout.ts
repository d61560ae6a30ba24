/** Reads this host's cgroup layout as this process sees it. */
import { readFileSync } from 'node:fs';
import { type CgroupLayout, parseLayout } from '../plan/layout.ts';
import { callFailed } from './control-file.ts';

export function readLayout(): CgroupLayout {
  return parseLayout(readProc('/proc/self/mountinfo'), readProc('/proc/self/cgroup'));
}

function readProc(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw callFailed(`read ${path}`, error);
  }
}
