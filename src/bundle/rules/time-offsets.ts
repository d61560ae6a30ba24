/**
 * Clock offsets need a new time namespace: those of an existing one are fixed.
 */
import type { Finding } from '../../base/errors.ts';
import type { Config } from '../config.ts';
import { finding } from '../finding.ts';
import { namespaceOf } from '../namespaces.ts';

export function timeOffsets(config: Config): Finding[] {
  const value = config.linux?.timeOffsets ?? {};
  const namespace = namespaceOf(config, 'time');
  const isNew = namespace !== undefined && namespace.path === undefined;
  if (Object.keys(value).length === 0 || isNew) return [];
  const allowed =
    namespace === undefined
      ? "none: time namespace offsets specified, but time namespace isn't enabled in the config"
      : 'none: time namespace offsets are not allowed with a namespace path to join';
  return [
    finding({
      code: 'time-offsets-need-time',
      pointer: '/linux/timeOffsets',
      value,
      allowed,
      section: 'config-linux.md#offset-for-time-namespace',
    }),
  ];
}
