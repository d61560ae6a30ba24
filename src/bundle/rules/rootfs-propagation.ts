/**
 * The propagation of the root is one that the kernel has, or its recursive form.
 */
import type { Finding } from '../../base/errors.ts';
import type { Config } from '../config.ts';
import { finding } from '../finding.ts';

const names = ['shared', 'slave', 'private', 'unbindable'];
/** The recursive forms are not in the specification, but runc's callers write them. */
const known: ReadonlySet<string> = new Set(['', ...names, ...names.map((name) => `r${name}`)]);

export function rootfsPropagation({ linux }: Config): Finding[] {
  const value = linux?.rootfsPropagation ?? '';
  if (known.has(value)) return [];
  return [
    finding({
      code: 'rootfs-propagation',
      pointer: '/linux/rootfsPropagation',
      value,
      allowed: `one of ${names.join(', ')} (or with an r in front): rootfsPropagation=${value} is not supported`,
      section: 'config-linux.md#rootfs-mount-propagation',
    }),
  ];
}
