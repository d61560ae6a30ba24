/**
 * The runtime itself must still be able to write after the filter is in place, to hand the notification socket over.
 */
import type { Finding } from '../../base/errors.ts';
import type { Config } from '../config.ts';
import { below, finding } from '../finding.ts';

export function seccompNotify({ linux }: Config): Finding[] {
  const { defaultAction, syscalls = [] } = linux?.seccomp ?? {};
  const fault = { code: 'seccomp-notify', section: 'config-linux.md#seccomp' };
  const findings = syscalls.flatMap(({ action, names }, index) => {
    const place = action === 'SCMP_ACT_NOTIFY' ? names.indexOf('write') : -1;
    if (place < 0) return [];
    const pointer = below('/linux/seccomp/syscalls', index, 'names', place);
    const allowed = 'another call: SCMP_ACT_NOTIFY cannot be used for the write syscall';
    return finding({ ...fault, pointer, value: 'write', allowed });
  });
  if (defaultAction !== 'SCMP_ACT_NOTIFY') return findings;
  const allowed = 'another action: SCMP_ACT_NOTIFY cannot be used as default action';
  const pointer = '/linux/seccomp/defaultAction';
  return [finding({ ...fault, pointer, value: defaultAction, allowed }), ...findings];
}
