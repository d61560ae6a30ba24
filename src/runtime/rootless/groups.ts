/**
 * Whether a process may choose its supplementary groups: not in a user namespace that forbids setgroups(2), as every one
 * does that was made without the help of newgidmap.
 */
import { RuntError } from '../../base/errors.ts';
import type { Config, Process } from '../../bundle/config.ts';
import { deniesGroups } from '../../kernel/user-namespace.ts';
import type { Privilege } from '../../plan/input.ts';
import { isOwnId } from './id-maps.ts';

/** Of a container to be made. */
export function mayChooseGroups(config: Config, privilege: Privilege, egid: number): boolean {
  // what forbids it to us holds in every namespace below
  if (deniesGroups('self')) return false;
  if (privilege !== 'none') return true;
  const user = config.linux?.namespaces?.find(({ type }) => type === 'user');
  // of a namespace that is joined nothing is known yet
  if (user === undefined || user.path) return false;
  const gid = config.linux?.gidMappings ?? [];
  return !isOwnId(gid, egid) && gid.some(({ hostID, size }) => hostID !== egid || size > 1);
}

/** runc's words. */
export function refuseGroups({ user }: Process): void {
  if (user?.additionalGids?.length)
    throw new RuntError('usage', {
      text: 'cannot set any additional groups in a rootless container (process.user.additionalGids): its user namespace forbids setgroups',
    });
}
