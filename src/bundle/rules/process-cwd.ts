/**
 * The working directory is absolute.
 */
import type { Finding } from '../../base/errors.ts';
import type { Process } from '../config.ts';
import { below, finding } from '../finding.ts';

export function processCwd({ cwd }: Process, at: string): Finding[] {
  if (cwd.startsWith('/')) return [];
  return [
    finding({
      code: 'process-cwd',
      pointer: below(at, 'cwd'),
      value: cwd,
      allowed: 'an absolute path: Cwd must be an absolute path',
      section: 'config.md#process',
    }),
  ];
}
