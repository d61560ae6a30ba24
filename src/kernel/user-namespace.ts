/**
 * What the user namespace of a process lets it do: user_namespaces(7).
 */
import { readFileSync } from 'node:fs';
import type { Privilege } from '../plan/input.ts';

/** In the first one, uid_map is the identity of all ids. */
export function inUserNamespace(): boolean {
  try {
    return !/^\s*0\s+0\s+4294967295\s*$/.test(readFileSync('/proc/self/uid_map', 'utf8'));
  } catch {
    // a kernel without user namespaces
    return false;
  }
}

export function privilegeOf(euid: number): Privilege {
  if (euid !== 0) return 'none';
  return inUserNamespace() ? 'namespace' : 'host';
}

/** Whether setgroups(2) is forbidden in the user namespace of a process, and so in all that are made in it. */
export function deniesGroups(pid: number | 'self'): boolean {
  try {
    return readFileSync(`/proc/${pid}/setgroups`, 'latin1').startsWith('deny');
  } catch {
    return false;
  }
}

/** As systemd names cgroups of sessions, `user-1000.slice`: whose session this process belongs to, if to any. */
export function ownCgroupUser(): number | undefined {
  try {
    const [, uid] = /\/user-(\d+)\.slice\//.exec(readFileSync('/proc/self/cgroup', 'latin1')) ?? [];
    return uid === undefined ? undefined : Number(uid);
  } catch {
    return undefined;
  }
}
