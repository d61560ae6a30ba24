/**
 * Masked and read-only paths are absolute, and there is a mount namespace to change.
 *
 * Without one the masks would cover the host's own /proc.
 */
import type { Finding } from '../../base/errors.ts';
import type { Config } from '../config.ts';
import { below, finding } from '../finding.ts';
import { hasNamespace } from '../namespaces.ts';

const lists = { maskedPaths: 'masked-paths', readonlyPaths: 'readonly-paths' } as const;

export function restrictedPaths(config: Config): Finding[] {
  return (['maskedPaths', 'readonlyPaths'] as const).flatMap((name) => {
    const paths = config.linux?.[name] ?? [];
    const at = below('/linux', name);
    const section = `config-linux.md#${lists[name]}`;
    const relative = paths.flatMap((value, index) => {
      const pointer = below(at, index);
      const allowed = 'an absolute path inside the container';
      return value.startsWith('/')
        ? []
        : finding({ code: 'restricted-path-absolute', pointer, value, allowed, section });
    });
    if (paths.length === 0 || hasNamespace(config, 'mount')) return relative;
    const allowed = 'none here: unable to restrict sys entries without a private MNT namespace';
    const homeless = {
      code: 'restricted-path-needs-mount',
      pointer: at,
      value: paths,
      allowed,
      section,
    };
    return [...relative, finding(homeless)];
  });
}
