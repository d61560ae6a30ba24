/**
 * There is a program to run.
 */
import type { Finding } from '../../base/errors.ts';
import type { Process } from '../config.ts';
import { below, finding } from '../finding.ts';

export function processArgs({ args }: Process, at: string): Finding[] {
  const fault = { code: 'process-args', section: 'config.md#process' };
  if (args === undefined || args.length === 0) {
    const allowed = 'at least one argument, the program: args must not be empty';
    return [finding({ ...fault, pointer: below(at, 'args'), value: args, allowed })];
  }
  if (args[0] === '') {
    const allowed = 'the name or path of a program';
    return [finding({ ...fault, pointer: below(at, 'args', 0), value: '', allowed })];
  }
  return [];
}
