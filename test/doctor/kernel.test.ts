/** What is said of kernels that lack something. */
import { it } from 'vitest';
import type { CallAnswer } from '../../src/doctor/facts.ts';
import { healthyHost } from '../support/healthy-host.ts';
import { holds, host, type HostCase, user } from '../support/host-case.ts';

const calls = (...pairs: readonly (readonly [string, CallAnswer])[]) => ({
  system: { calls: { ...healthyHost.system.calls, ...Object.fromEntries(pairs) } },
});

const cases: readonly HostCase[] = [
  ['no pidfd', host(calls(['pidfd_open', 'absent'])), 'kernel', 'fail', 'lacks pidfd', '5.3'],
  [
    'a filter around us',
    host(calls(['pidfd_open', 'refused'], ['clone3', 'refused'])),
    'kernel',
    'fail',
    'a filter around this process refuses pidfd and clone3',
    "let the outer container's seccomp profile allow the calls",
  ],
  [
    'no clone3',
    host(calls(['clone3', 'absent'])),
    'kernel',
    'note',
    'older calls stand in for clone3',
  ],
  [
    'no id-mapped mounts',
    host(calls(['mount_setattr', 'absent'], ['openat2', 'absent'])),
    'kernel',
    'warn',
    'lacks openat2 and id-mapped mounts: there are no id-mapped mounts, and recursive flags such as rro',
  ],
  ['a call nobody tells of', host(calls(['fsopen', 'unknown'])), 'kernel', 'ok', 'has all'],
  [
    'no birth in a cgroup',
    host({ system: { cloneIntoCgroup: false } }),
    'kernel',
    'note',
    'stand in for birth in a cgroup',
  ],
  [
    'no program from memory',
    host({ system: { imageRefused: 'EACCES' } }),
    'runt-init',
    'fail',
    'memfd_create fails with EACCES',
    'sysctl -w vm.memfd_noexec=1',
  ],
  [
    'no network namespaces',
    host({ system: { namespaces: ['ipc', 'mnt', 'pid', 'uts'] } }),
    'namespaces',
    'fail',
    'there are none: net',
  ],
  [
    'no time namespaces',
    host({ system: { namespaces: ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'user', 'uts'] } }),
    'namespaces',
    'warn',
    'refused: time',
  ],
  [
    'namespaces forbidden by a limit',
    host({ system: { namespaceLimits: { pid: 0 } } }),
    'namespaces',
    'fail',
    'there are none: pid',
    'sysctl -w user.max_pid_namespaces=15000',
  ],
  [
    '/proc covered, for a user',
    host({ caller: user, system: { coveredProc: ['/proc/kcore', '/proc/keys'] } }),
    'procfs',
    'warn',
    '(/proc/kcore and 1 more)',
  ],
];

for (const [what, facts, name, verdict, says, todo] of cases)
  it(what, () => holds(facts, name, verdict, says, todo));
