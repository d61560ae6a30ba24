/**
 * The kernel keeps the size of a terminal in 16 bits. Without a terminal the size is ignored, as the specification demands.
 */
import type { Finding } from '../../base/errors.ts';
import type { Process } from '../config.ts';
import { below, finding } from '../finding.ts';

const largest = 65535;

export function consoleSize({ terminal, consoleSize: size }: Process, at: string): Finding[] {
  if (terminal !== true || size === undefined) return [];
  return (['height', 'width'] as const).flatMap((side) =>
    size[side] <= largest
      ? []
      : finding({
          code: 'console-size',
          pointer: below(at, 'consoleSize', side),
          value: size[side],
          allowed: `an integer from 0 to ${largest}`,
          section: 'config.md#process',
        }),
  );
}
