/** What is said of cgroups and of who makes them. */
import { it } from 'vitest';
import { hierarchy, holds, host, type HostCase, user } from '../support/host-case.ts';

const cases: readonly HostCase[] = [
  [
    'no cgroups',
    host({ cgroups: { mode: 'none', hierarchies: [] } }),
    'cgroups',
    'warn',
    'none are mounted',
  ],
  [
    'read-only cgroups',
    host({ cgroups: { hierarchies: [hierarchy({ writable: false })] } }),
    'cgroups',
    'fail',
    'no cgroups can be made in /sys/fs/cgroup',
    'or go without limits: runt --cgroup-manager disabled',
  ],
  [
    'cgroups that are not a user’s',
    host({
      caller: user,
      cgroups: { hierarchies: [hierarchy({ writable: false })] },
      serviceManager: { user: true },
    }),
    'cgroups',
    'note',
    'unless your systemd makes the cgroups',
  ],
  [
    'the same, without a systemd',
    host({
      caller: user,
      cgroups: { hierarchies: [hierarchy({ writable: false })] },
      serviceManager: { user: true, running: false },
    }),
    'cgroups',
    'warn',
    'containers go without, and limits are refused',
  ],
  [
    'the same on v1',
    host({
      caller: user,
      cgroups: { mode: 'v1', hierarchies: [hierarchy({ version: 1, writable: false })] },
    }),
    'cgroups',
    'note',
    'only version 2 can be delegated',
  ],
  [
    'a controller that is not passed on',
    host({ cgroups: { hierarchies: [hierarchy({ controllers: ['cpu', 'memory'] })] } }),
    'controllers',
    'warn',
    'cpu memory; limits that need cpuset, pids and io are refused',
    'echo "+cpuset +pids +io"',
  ],
  [
    'v1, where io is blkio',
    host({
      cgroups: {
        mode: 'v1',
        hierarchies: ['cpu', 'cpuset', 'memory', 'pids', 'blkio', 'name=systemd'].map((name) =>
          hierarchy({ version: 1, controllers: [name] }),
        ),
      },
    }),
    'controllers',
    'ok',
    'cpu cpuset memory pids blkio (without hugetlb and rdma)',
  ],
  [
    'no device programs on v2',
    host({ cgroups: { deviceProgramRefused: 'EPERM' } }),
    'device-filter',
    'warn',
    'takes no device program (EPERM)',
  ],
  [
    'no device programs, where v1 has a controller',
    host({
      cgroups: {
        mode: 'hybrid',
        hierarchies: [hierarchy({ version: 1, controllers: ['devices'] })],
        deviceProgramRefused: 'EPERM',
      },
    }),
    'device-filter',
    'ok',
    'by the devices controller',
  ],
  [
    'no systemd',
    host({ serviceManager: { running: false } }),
    'systemd',
    'note',
    'does not run here',
  ],
  [
    'a systemd that does not answer',
    host({ serviceManager: { problem: 'no socket' } }),
    'systemd',
    'warn',
    'systemd runs and cannot be reached: no socket',
  ],
];

for (const [what, facts, name, verdict, says, todo] of cases)
  it(what, () => holds(facts, name, verdict, says, todo));
