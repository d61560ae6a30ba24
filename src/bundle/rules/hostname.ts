/**
 * A hostname of the container's own needs a UTS namespace to hold it, or it would be the host's.
 */
import type { Finding } from '../../base/errors.ts';
import type { Config } from '../config.ts';
import { finding } from '../finding.ts';
import { hasNamespace } from '../namespaces.ts';

export function hostname(config: Config): Finding[] {
  const name = config.hostname ?? '';
  if (name === '' || hasNamespace(config, 'uts')) return [];
  return [
    finding({
      code: 'hostname-needs-uts',
      pointer: '/hostname',
      value: name,
      allowed: 'none here: unable to set hostname without a private UTS namespace',
      section: 'config.md#hostname',
    }),
  ];
}
