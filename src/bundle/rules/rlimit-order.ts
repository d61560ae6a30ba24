/**
 * A soft limit is not above its hard limit.
 */
import type { Finding } from '../../base/errors.ts';
import type { Process } from '../config.ts';
import { below, finding } from '../finding.ts';

export function rlimitOrder({ rlimits = [] }: Process, at: string): Finding[] {
  return rlimits.flatMap(({ soft, hard }, index) =>
    soft <= hard
      ? []
      : finding({
          code: 'rlimit-order',
          pointer: below(at, 'rlimits', index, 'soft'),
          value: soft,
          allowed: `at most the hard limit, ${hard}`,
          section: 'config.md#posix-process',
        }),
  );
}
