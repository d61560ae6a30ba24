/**
 * Every entry of the environment has a name and a value.
 */
import type { Finding } from '../../base/errors.ts';
import type { Process } from '../config.ts';
import { below, finding } from '../finding.ts';

export function processEnv({ env = [] }: Process, at: string): Finding[] {
  return env.flatMap((value, index) =>
    // neither absent nor first: a name has at least one character
    value.indexOf('=') > 0
      ? []
      : finding({
          code: 'process-env',
          pointer: below(at, 'env', index),
          value,
          allowed: 'NAME=value',
          section: 'config.md#process',
        }),
  );
}
