/** What is said of callers who may not do everything. */
import { it } from 'vitest';
import { holds, host, type HostCase, user } from '../support/host-case.ts';

const cases: readonly HostCase[] = [
  [
    'no CAP_SYS_ADMIN',
    host({ caller: { lacking: ['CAP_SYS_ADMIN', 'CAP_SYS_TIME'] } }),
    'capabilities',
    'fail',
    'root lacks CAP_SYS_ADMIN',
  ],
  [
    'no CAP_SYS_RESOURCE',
    host({ caller: { lacking: ['CAP_SYS_RESOURCE'], unreachable: ['CAP_SYS_RESOURCE'] } }),
    'capabilities',
    'note',
    'not there: CAP_SYS_RESOURCE (hard rlimits cannot be raised',
  ],
  [
    'one that engines give',
    host({ caller: { unreachable: ['CAP_NET_RAW'] } }),
    'capabilities',
    'warn',
    'CAP_NET_RAW (no container can have them)',
  ],
  [
    'user namespaces off by a sysctl, for root',
    host({ userNamespaces: { refused: 'ENOSPC' }, system: { namespaceLimits: { user: 0 } } }),
    'user-namespaces',
    'warn',
    'cannot be made (user.max_user_namespaces is 0): configs that ask for one are refused',
    'sysctl -w user.max_user_namespaces=15000',
  ],
  [
    "user namespaces off by Debian's sysctl, for a user",
    host({ caller: user, userNamespaces: { refused: 'EPERM', unprivilegedClone: false } }),
    'user-namespaces',
    'fail',
    'cannot be made (kernel.unprivileged_userns_clone is 0)',
    'sysctl -w kernel.unprivileged_userns_clone=1',
  ],
  [
    'user namespaces without rights, by AppArmor',
    host({ caller: user, userNamespaces: { refused: 'EPERM', apparmorRestricts: true } }),
    'user-namespaces',
    'fail',
    'cannot be used (kernel.apparmor_restrict_unprivileged_userns is 1)',
  ],
  [
    'user namespaces refused, who knows why',
    host({ caller: user, userNamespaces: { refused: 'EPERM' } }),
    'user-namespaces',
    'fail',
    'cannot be made (EPERM)',
  ],
  [
    'newuidmap without a right',
    host({ caller: { ...user, newuidmap: { path: '/usr/bin/newuidmap', privilege: 'none' } } }),
    'id-maps',
    'warn',
    'neither setuid nor given a capability: /usr/bin/newuidmap',
    'chmod u+s /usr/bin/newuidmap',
  ],
  [
    'no range of ids',
    host({ caller: { ...user, subuids: 0 } }),
    'id-maps',
    'warn',
    'one id only, yours: ann has no range in /etc/subuid',
    'usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ann',
  ],
  [
    'a small range',
    host({ caller: { ...user, subgids: 1000 } }),
    'id-maps',
    'warn',
    'ann has 65536 user and 1000 group ids',
  ],
  [
    'ranges from elsewhere',
    host({ caller: { ...user, subuids: 0, subgids: 0, subidsElsewhere: true } }),
    'id-maps',
    'note',
    '/etc/nsswitch.conf',
  ],
];

for (const [what, facts, name, verdict, says, todo] of cases)
  it(what, () => holds(facts, name, verdict, says, todo));
