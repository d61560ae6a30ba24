/**
 * The mount options that the specification names. What is not among them is for the filesystem.
 */
import type { Mount } from './config.ts';

const plain =
  'async atime bind defaults dev diratime dirsync exec iversion lazytime loud mand noatime nodev nodiratime noexec ' +
  'noiversion nolazytime nomand norelatime nostrictatime nosuid nosymfollow private rbind relatime remount ro rprivate ' +
  'rshared rslave runbindable rw shared silent slave strictatime suid symfollow sync unbindable';

/** Those that reach every mount below, by mount_setattr(2). */
const recursive =
  'ratime rdev rdiratime rexec rnoatime rnodev rnodiratime rnoexec rnorelatime rnostrictatime rnosuid rnosymfollow ' +
  'rrelatime rro rrw rstrictatime rsuid rsymfollow';

/** Done by the runtime itself, not by a flag. */
const special = 'tmpcopyup idmap ridmap';

const genericOptions: ReadonlySet<string> = new Set(`${plain} ${recursive} ${special}`.split(' '));

/** Whether the option is for the filesystem and not for the mount. */
export function isDataOption(option: string): boolean {
  return option !== '' && !genericOptions.has(option);
}

export function isBindMount(mount: Mount): boolean {
  return mount.options?.some((option) => option === 'bind' || option === 'rbind') ?? false;
}
