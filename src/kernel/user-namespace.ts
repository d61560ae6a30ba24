/**
 * What the user namespace of a process lets it do: user_namespaces(7).
 */
import type { Privilege } from '../plan/input.ts';
import { textOf } from './host/read.ts';

/** In the first one, uid_map is the identity of all ids. A kernel without user namespaces has no such file. */
export function inUserNamespace(): boolean {
  const map = textOf('/proc/self/uid_map');
  return map !== undefined && !/^\s*0\s+0\s+4294967295\s*$/.test(map);
}

export function privilegeOf(euid: number): Privilege {
  if (euid !== 0) return 'none';
  return inUserNamespace() ? 'namespace' : 'host';
}

/** Whether setgroups(2) is forbidden in the user namespace of a process, and so in all that are made in it. */
export const deniesGroups = (pid: number | 'self'): boolean =>
  textOf(`/proc/${pid}/setgroups`)?.startsWith('deny') ?? false;

/** As systemd names cgroups of sessions, `user-1000.slice`: whose session this process belongs to, if to any. */
export function ownCgroupUser(): number | undefined {
  const [, uid] = /\/user-(\d+)\.slice\//.exec(textOf('/proc/self/cgroup') ?? '') ?? [];
  return uid === undefined ? undefined : Number(uid);
}
