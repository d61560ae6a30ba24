import { expect, test } from 'vitest';
import { parseLayout } from '../../../src/cgroup/plan/layout.ts';
import { placeContainer } from '../../../src/cgroup/plan/placement.ts';
import { selfJoin } from '../../../src/cgroup/plan/self-join.ts';
import { hybridHost, legacyHost, unifiedHost } from '../../support/cgroup-hosts.ts';

const files = [
  '/sys/fs/cgroup/cpu,cpuacct/x/tasks',
  '/sys/fs/cgroup/memory/x/tasks',
  '/sys/fs/cgroup/devices/x/tasks',
  '/sys/fs/cgroup/systemd/x/tasks',
];

test.each([
  ['hybrid', hybridHost, { cloneInto: '/sys/fs/cgroup/unified/x', files, value: '0' }],
  ['v1', legacyHost, { files, value: '0' }],
  ['v2', unifiedHost, { cloneInto: '/sys/fs/cgroup/x', files: [], value: '0' }],
] as const)('%s', (_, { mountinfo, cgroup }, expected) => {
  const placement = placeContainer(parseLayout(mountinfo, cgroup), { cgroupsPath: '/x', id: 'c1' });
  expect(selfJoin(placement, { cloneIntoCgroup: true })).toEqual(expected);
});

test('the freezer, which may stop the process there and then, is joined last', () => {
  const mountinfo = hybridHost.mountinfo
    .replace('/sys/fs/cgroup/memory', '/sys/fs/cgroup/freezer')
    .replace('rw,memory', 'rw,freezer');
  const cgroup = hybridHost.cgroup.replace('memory', 'freezer');
  const placement = placeContainer(parseLayout(mountinfo, cgroup), { cgroupsPath: '/x', id: 'c1' });
  expect(selfJoin(placement, { cloneIntoCgroup: false }).files).toEqual([
    ...files.filter((file) => !file.includes('memory')),
    '/sys/fs/cgroup/unified/x/cgroup.procs',
    '/sys/fs/cgroup/freezer/x/tasks',
  ]);
});

test('where nothing can be born in a cgroup, v2 is joined by its file', () => {
  const placement = placeContainer(parseLayout(unifiedHost.mountinfo, unifiedHost.cgroup), {
    cgroupsPath: '/x',
    id: 'c1',
  });
  expect(selfJoin(placement, { cloneIntoCgroup: false })).toEqual({
    files: ['/sys/fs/cgroup/x/cgroup.procs'],
    value: '0',
  });
});
