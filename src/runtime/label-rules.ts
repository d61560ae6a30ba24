/**
 * Labels for security modules that this host does not run are refused: a program must never run less confined than
 * its config says.
 */
import { RuntError } from '../base/errors.ts';
import type { Config, Process } from '../bundle/config.ts';
import { hasAppArmor, hasSelinux } from '../kernel/security-modules.ts';

const selinuxIsOff = (): RuntError =>
  new RuntError('usage', {
    text: 'selinux label is specified in config, but selinux is disabled or not supported',
  });

export function checkMountLabel({ linux }: Config): void {
  if (linux?.mountLabel && !hasSelinux()) throw selinuxIsOff();
}

export function checkLabels({ apparmorProfile, selinuxLabel }: Process): void {
  if (apparmorProfile && !hasAppArmor())
    throw new RuntError('host-lacks', { what: 'AppArmor', needed: 'process.apparmorProfile' });
  if (selinuxLabel && !hasSelinux()) throw selinuxIsOff();
}
