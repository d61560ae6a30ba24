/**
 * A container's record in which every property stands.
 */
import { type ContainerRecord, recordVersion } from '../../src/state/record.ts';

export const fullRecord: ContainerRecord = {
  version: recordVersion,
  id: 'c1',
  ociVersion: '1.3.0',
  phase: 'created',
  bundle: '/bundle',
  rootfs: '/bundle/rootfs',
  created: '2026-01-02T03:04:05.000Z',
  owner: 0,
  annotations: { 'com.example.a': '' },
  init: { pid: 42, startTime: 123_456 },
  freezer: { version: 1, path: '/sys/fs/cgroup/freezer/a' },
  cgroup: {
    mode: 'hybrid',
    directories: [
      { version: 1, controllers: ['memory'], mountpoint: '/sys/fs/cgroup/memory', path: '/a' },
      { version: 2, controllers: [], mountpoint: '/sys/fs/cgroup/unified', path: '/b' },
    ],
  },
  intelRdt: {
    group: '/sys/fs/resctrl/c1',
    monitoring: '/sys/fs/resctrl/c1/mon_groups/c1',
    groupEnds: 'with-container',
  },
  sharesPids: false,
  hooks: { poststart: true, poststop: false },
  afterStart: {
    first: 7,
    labels: [
      { origin: 'process.args', doing: 'exec sh', explain: { ENOENT: 'none' }, name: 'sh' },
      { origin: '', doing: 'close', explain: {} },
    ],
  },
};
