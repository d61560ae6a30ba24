/**
 * Changes of a config that are about its filter of system calls.
 */
import type { Seccomp, SyscallRule } from '../../src/bundle/config.ts';
import type { Change } from './bundle-builder.ts';

export const filter =
  (profile: Seccomp): Change =>
  (config) => {
    config.linux.seccomp = profile;
  };

/** mkdir and mkdirat meet this action; everything else is allowed. */
export function deny(action: SyscallRule['action'], errnoRet?: number): Change {
  const names = ['mkdir', 'mkdirat', 'no_such_call'];
  const rule = { names, action, ...(errnoRet !== undefined && { errnoRet }) };
  return filter({ defaultAction: 'SCMP_ACT_ALLOW', syscalls: [rule] });
}

export const writable: Change = (config) => {
  config.root.readonly = false;
};
export const noNewPrivileges =
  (on: boolean): Change =>
  (config) => {
    config.process.noNewPrivileges = on;
  };
export const user =
  (uid: number): Change =>
  (config) => {
    config.process.user = { uid, gid: uid };
  };
