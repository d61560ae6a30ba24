/**
 * Metadata for a listener needs a listener.
 */
import type { Finding } from '../../base/errors.ts';
import type { Config } from '../config.ts';
import { finding } from '../finding.ts';

export function seccompListener({ linux }: Config): Finding[] {
  const { listenerPath = '', listenerMetadata = '' } = linux?.seccomp ?? {};
  if (listenerMetadata === '' || listenerPath !== '') return [];
  return [
    finding({
      code: 'seccomp-listener',
      pointer: '/linux/seccomp/listenerMetadata',
      value: listenerMetadata,
      allowed: 'none without listenerPath',
      section: 'config-linux.md#seccomp',
    }),
  ];
}
