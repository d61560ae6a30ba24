/**
 * The file of a namespace to join is named absolutely.
 */
import type { Finding } from '../../base/errors.ts';
import type { Config } from '../config.ts';
import { below, finding } from '../finding.ts';

export function namespacePaths({ linux }: Config): Finding[] {
  return (linux?.namespaces ?? []).flatMap(({ path }, index) =>
    path === undefined || path === '' || path.startsWith('/')
      ? []
      : finding({
          code: 'namespace-path',
          pointer: below('/linux/namespaces', index, 'path'),
          value: path,
          allowed: 'an absolute path, or nothing for a new namespace',
          section: 'config-linux.md#namespaces',
        }),
  );
}
