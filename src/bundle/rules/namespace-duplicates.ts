/**
 * No namespace type is listed twice.
 */
import type { Finding } from '../../base/errors.ts';
import type { Config } from '../config.ts';
import { below, finding } from '../finding.ts';

export function namespaceDuplicates({ linux }: Config): Finding[] {
  const namespaces = linux?.namespaces ?? [];
  return namespaces.flatMap(({ type }, index) =>
    namespaces.findIndex((other) => other.type === type) === index
      ? []
      : finding({
          code: 'namespace-duplicate',
          pointer: below('/linux/namespaces', index, 'type'),
          value: type,
          allowed: `each type once: duplicated ns "${type}"`,
          section: 'config-linux.md#namespaces',
        }),
  );
}
