/**
 * No annotation has an empty name.
 */
import type { Finding } from '../../base/errors.ts';
import type { Config } from '../config.ts';
import { finding } from '../finding.ts';

export function annotations({ annotations: notes = {} }: Config): Finding[] {
  if (!Object.hasOwn(notes, '')) return [];
  return [
    finding({
      code: 'annotation-name',
      pointer: '/annotations/',
      value: notes[''],
      allowed: 'a name that is not empty',
      section: 'config.md#annotations',
    }),
  ];
}
