/**
 * Seccomp, AppArmor and SELinux: whether a config's profile or label can be applied.
 */
import { type Check, note, ok, warn } from './check.ts';
import type { HostFacts } from './facts.ts';

export const judgeSecurity = (facts: HostFacts): readonly Check[] => [
  judgeSeccomp(facts),
  judgeAppArmor(facts),
  judgeSelinux(facts),
];

function judgeSeccomp({ security }: HostFacts): Check {
  const { libseccomp, filters, notifications } = security;
  const refused = 'configs with a seccomp profile are refused, and engines send one';
  if (!filters)
    return warn(
      'seccomp',
      `the kernel takes no filters: ${refused}`,
      'use a kernel with CONFIG_SECCOMP_FILTER',
    );
  if (libseccomp === undefined)
    return warn(
      'seccomp',
      `there is no libseccomp: ${refused}`,
      'apt install libseccomp2, or libseccomp',
    );
  const agents = notifications ? '' : '; no notifications for agents, which came with Linux 5.0';
  return ok('seccomp', `libseccomp ${libseccomp}${agents}`);
}

function judgeAppArmor({ security }: HostFacts): Check {
  const { enabled, takesProfiles, confinedBy, parser } = security.apparmor;
  if (!enabled)
    return note('apparmor', 'not in this kernel, or off: configs with a profile are refused');
  if (!takesProfiles)
    return warn(
      'apparmor',
      'on, and /proc has no file to set a profile by: configs with a profile are refused',
    );
  if (confinedBy !== undefined)
    return warn(
      'apparmor',
      `this process runs under ${confinedBy}, which may forbid another profile for a container`,
      'run runt unconfined, or allow change_profile in that profile',
    );
  if (parser === undefined)
    return note(
      'apparmor',
      'profiles can be applied; engines have no apparmor_parser to load theirs',
      'apt install apparmor',
    );
  return ok('apparmor', 'profiles can be applied');
}

function judgeSelinux({ security: { selinux } }: HostFacts): Check {
  switch (selinux) {
    case 'absent':
      return note('selinux', 'not in this kernel, or off: configs with a label are refused');
    case 'permissive':
      return note('selinux', 'permissive: labels can be applied, and nothing is enforced');
    case 'enforcing':
      return ok('selinux', 'enforcing; labels can be applied');
  }
}
