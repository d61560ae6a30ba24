/**
 * Which security modules this host runs: asked only when a config names a label.
 */
import { existsSync, readFileSync } from 'node:fs';

export function hasAppArmor(): boolean {
  try {
    return readFileSync('/sys/module/apparmor/parameters/enabled', 'latin1').startsWith('Y');
  } catch {
    return false;
  }
}

export const hasSelinux = (): boolean => existsSync('/sys/fs/selinux/enforce');

/** Kernels before 5.8 have only the file that all security modules share; AppArmor was then alone to use it. */
export const apparmorFile = (): string =>
  existsSync('/proc/self/attr/apparmor/exec') ? 'self/attr/apparmor/exec' : 'self/attr/exec';
