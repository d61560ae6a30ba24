/**
 * A domainname of the container's own needs a UTS namespace to hold it, or it would be the host's.
 */
import type { Finding } from '../../base/errors.ts';
import type { Config } from '../config.ts';
import { finding } from '../finding.ts';
import { hasNamespace } from '../namespaces.ts';

export function domainname(config: Config): Finding[] {
  const name = config.domainname ?? '';
  if (name === '' || hasNamespace(config, 'uts')) return [];
  return [
    finding({
      code: 'domainname-needs-uts',
      pointer: '/domainname',
      value: name,
      allowed: 'none here: unable to set domainname without a private UTS namespace',
      section: 'config.md#domainname',
    }),
  ];
}
