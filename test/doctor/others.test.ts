/** What is said of security modules, the state folder, criu and resctrl. */
import { it } from 'vitest';
import { healthyHost } from '../support/healthy-host.ts';
import { holds, host, type HostCase, user } from '../support/host-case.ts';

const cases: readonly HostCase[] = [
  ['no filters', host({ security: { filters: false } }), 'seccomp', 'warn', 'takes no filters'],
  [
    'AppArmor is off',
    host({ security: { apparmor: { enabled: false, takesProfiles: false } } }),
    'apparmor',
    'note',
    'off: configs with a profile are refused',
  ],
  [
    'under a profile already',
    host({ security: { apparmor: { enabled: true, takesProfiles: true, confinedBy: 'lxc' } } }),
    'apparmor',
    'warn',
    'runs under lxc',
  ],
  [
    'no file for profiles',
    host({ security: { apparmor: { enabled: true, takesProfiles: false } } }),
    'apparmor',
    'warn',
    'no file to set a profile by',
  ],
  [
    'no parser for the engines',
    host({ security: { apparmor: { enabled: true, takesProfiles: true } } }),
    'apparmor',
    'note',
    'no apparmor_parser',
  ],
  [
    'SELinux permissive',
    host({ security: { selinux: 'permissive' } }),
    'selinux',
    'note',
    'permissive',
  ],
  [
    'a folder of others',
    host({ caller: user, state: { writable: false } }),
    'state',
    'fail',
    '/run/runt cannot be made or written: /run is not yours to write',
    'set XDG_RUNTIME_DIR',
  ],
  [
    'a read-only file system',
    host({ state: { readOnly: true, writable: false } }),
    'state',
    'fail',
    'its file system is read-only',
  ],
  ['a full one', host({ state: { freeBytes: 0 } }), 'state', 'fail', 'is full'],
  ['a full table of files', host({ state: { freeFiles: 0 } }), 'state', 'fail', 'is full'],
  [
    'little room',
    host({ state: { freeBytes: 2 << 20 } }),
    'state',
    'warn',
    'almost full: 2 MiB free',
  ],
  ['on a disk', host({ state: { inMemory: false } }), 'state', 'note', 'outlives them at a reboot'],
  [
    'what criu complains of',
    host({ criu: { complaint: 'no userfaultfd' } }),
    'criu',
    'note',
    '4.1, and its own check says: no userfaultfd',
  ],
  [
    'a resctrl that is not mounted',
    { ...healthyHost, resctrl: { offered: true } },
    'resctrl',
    'note',
    'is not mounted',
    'mount -t resctrl',
  ],
];

for (const [what, facts, name, verdict, says, todo] of cases)
  it(what, () => holds(facts, name, verdict, says, todo));
