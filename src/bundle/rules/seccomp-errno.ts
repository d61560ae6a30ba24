/**
 * An error number stands only beside an action that can return one.
 */
import type { Finding } from '../../base/errors.ts';
import type { Config, SyscallRule } from '../config.ts';
import { below, finding } from '../finding.ts';

const returning: ReadonlySet<SyscallRule['action']> = new Set(['SCMP_ACT_ERRNO', 'SCMP_ACT_TRACE']);

export function seccompErrno({ linux }: Config): Finding[] {
  const seccomp = linux?.seccomp;
  if (seccomp === undefined) return [];
  const at = '/linux/seccomp';
  return [
    ...check(seccomp.defaultAction, seccomp.defaultErrnoRet, below(at, 'defaultErrnoRet')),
    ...(seccomp.syscalls ?? []).flatMap(({ action, errnoRet }, index) =>
      check(action, errnoRet, below(at, 'syscalls', index, 'errnoRet')),
    ),
  ];
}

function check(
  action: SyscallRule['action'],
  value: number | undefined,
  pointer: string,
): Finding[] {
  if (value === undefined || returning.has(action)) return [];
  const allowed = `none: errno value specified for action ${action}`;
  return [
    finding({ code: 'seccomp-errno', pointer, value, allowed, section: 'config-linux.md#seccomp' }),
  ];
}
