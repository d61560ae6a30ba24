/**
 * The cgroup lies below the place that the path is relative to.
 */
import type { Finding } from '../../base/errors.ts';
import type { Config } from '../config.ts';
import { finding } from '../finding.ts';

export function cgroupsPath({ linux }: Config): Finding[] {
  const value = linux?.cgroupsPath ?? '';
  if (!leadsOut(value)) return [];
  return [
    finding({
      code: 'cgroups-path',
      pointer: '/linux/cgroupsPath',
      value,
      allowed: 'a path whose ".." never lead above its start',
      section: 'config-linux.md#cgroups-path',
    }),
  ];
}

function leadsOut(path: string): boolean {
  let depth = 0;
  for (const name of path.split('/')) {
    if (name === '' || name === '.') continue;
    depth += name === '..' ? -1 : 1;
    if (depth < 0) return true;
  }
  return false;
}
