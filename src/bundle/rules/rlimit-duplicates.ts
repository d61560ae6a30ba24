/**
 * No resource limit is given twice.
 */
import type { Finding } from '../../base/errors.ts';
import type { Process } from '../config.ts';
import { below, finding } from '../finding.ts';

export function rlimitDuplicates({ rlimits = [] }: Process, at: string): Finding[] {
  return rlimits.flatMap(({ type }, index) =>
    rlimits.findIndex((other) => other.type === type) === index
      ? []
      : finding({
          code: 'rlimit-duplicate',
          pointer: below(at, 'rlimits', index, 'type'),
          value: type,
          allowed: 'each type once',
          section: 'config.md#posix-process',
        }),
  );
}
