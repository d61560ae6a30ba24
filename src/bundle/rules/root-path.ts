/**
 * The root filesystem has a path.
 */
import type { Finding } from '../../base/errors.ts';
import type { Config } from '../config.ts';
import { finding } from '../finding.ts';

export function rootPath({ root }: Config): Finding[] {
  if (root.path !== '') return [];
  return [
    finding({
      code: 'root-path',
      pointer: '/root/path',
      value: root.path,
      allowed: 'a folder: root must be specified',
      section: 'config.md#root',
    }),
  ];
}
