/**
 * Metadata for a listener needs a listener, and so does an action that asks one.
 */
import type { Finding } from '../../base/errors.ts';
import type { Config } from '../config.ts';
import { finding } from '../finding.ts';

export function seccompListener({ linux }: Config): Finding[] {
  const { listenerPath = '', listenerMetadata = '', syscalls = [] } = linux?.seccomp ?? {};
  if (listenerPath !== '') return [];
  if (syscalls.some(({ action }) => action === 'SCMP_ACT_NOTIFY'))
    return [
      finding({
        code: 'seccomp-listener',
        pointer: '/linux/seccomp/listenerPath',
        value: linux?.seccomp?.listenerPath,
        allowed:
          'the socket of an agent: SCMP_ACT_NOTIFY is used, and seccomp listenerPath is not set',
        section: 'config-linux.md#seccomp',
      }),
    ];
  if (listenerMetadata === '') return [];
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
