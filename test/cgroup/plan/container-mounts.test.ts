import { expect, test } from 'vitest';
import { cgroupMounts, type CgroupMounts } from '../../../src/cgroup/plan/container-mounts.ts';
import { parseLayout } from '../../../src/cgroup/plan/layout.ts';
import { callersPart, placeContainer } from '../../../src/cgroup/plan/placement.ts';
import {
  hostWithoutCgroups,
  type HostTexts,
  hybridHost,
  unifiedHost,
} from '../../support/cgroup-hosts.ts';

function mounts({ mountinfo, cgroup }: HostTexts, privateCgroupNamespace: boolean): CgroupMounts {
  const placement = placeContainer(parseLayout(mountinfo, cgroup), { cgroupsPath: '/x', id: 'c1' });
  return cgroupMounts(placement, { privateCgroupNamespace, callers: [] });
}

const links = [
  { kind: 'symlink', name: 'cpu', target: 'cpu,cpuacct' },
  { kind: 'symlink', name: 'cpuacct', target: 'cpu,cpuacct' },
];

test("hybrid in the host's cgroup namespace: the container's v1 cgroups are bound", () => {
  expect(mounts(hybridHost, false)).toEqual({
    tmpfs: true,
    entries: [
      { kind: 'bind', source: '/sys/fs/cgroup/cpu,cpuacct/x', name: 'cpu,cpuacct' },
      { kind: 'bind', source: '/sys/fs/cgroup/memory/x', name: 'memory' },
      { kind: 'bind', source: '/sys/fs/cgroup/devices/x', name: 'devices' },
      { kind: 'bind', source: '/sys/fs/cgroup/systemd/x', name: 'systemd' },
      ...links,
    ],
  });
});

test('hybrid with a private cgroup namespace: the v1 hierarchies are mounted', () => {
  const mount = { kind: 'filesystem', type: 'cgroup' };
  expect(mounts(hybridHost, true)).toEqual({
    tmpfs: true,
    entries: [
      { ...mount, options: ['cpu', 'cpuacct'], name: 'cpu,cpuacct' },
      { ...mount, options: ['memory'], name: 'memory' },
      { ...mount, options: ['devices'], name: 'devices' },
      { ...mount, options: ['name=systemd'], name: 'systemd' },
      ...links,
    ],
  });
});

test('v2 with a private cgroup namespace: one file system, or a bind of what it would show', () => {
  expect(mounts(unifiedHost, true)).toEqual({
    tmpfs: false,
    entries: [
      {
        kind: 'filesystem',
        type: 'cgroup2',
        options: [],
        name: '',
        orBind: '/sys/fs/cgroup/x',
      },
    ],
  });
});

test("v2 in the host's cgroup namespace: a bind, which leaves the host's mount as it is", () => {
  expect(mounts(unifiedHost, false)).toEqual({
    tmpfs: false,
    entries: [{ kind: 'bind', source: '/sys/fs/cgroup', name: '' }],
  });
});

test('v1 of a user who may have one of them: in the others it sees those of its caller', () => {
  const layout = parseLayout(hybridHost.mountinfo, hybridHost.cgroup);
  const whole = placeContainer(layout, { cgroupsPath: '/x', id: 'c1' });
  const directories = whole.directories.filter(({ controllers }) => controllers.includes('memory'));
  const placement = { ...whole, directories };
  const callers = callersPart(layout, placement);
  expect(cgroupMounts(placement, { privateCgroupNamespace: false, callers }).entries).toEqual([
    { kind: 'bind', source: '/sys/fs/cgroup/memory/x', name: 'memory' },
    { kind: 'bind', source: '/sys/fs/cgroup/cpu,cpuacct', name: 'cpu,cpuacct' },
    { kind: 'bind', source: '/sys/fs/cgroup/devices/user.slice', name: 'devices' },
    { kind: 'bind', source: '/sys/fs/cgroup/systemd/user.slice/session-1.scope', name: 'systemd' },
    ...links,
  ]);
});

test('without cgroups on the host: an empty tmpfs', () => {
  expect(mounts(hostWithoutCgroups, false)).toEqual({ tmpfs: true, entries: [] });
});
