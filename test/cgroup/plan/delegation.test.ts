import { expect, test } from 'vitest';
import type { Config, Mount } from '../../../src/bundle/config.ts';
import { planDelegation } from '../../../src/cgroup/plan/delegation.ts';
import type { CgroupPlacement } from '../../../src/cgroup/plan/placement.ts';

const path = '/sys/fs/cgroup/c1';

const placement = (mode: CgroupPlacement['mode']): CgroupPlacement => ({
  mode,
  directories: [{ version: 2, controllers: [], mountpoint: '/sys/fs/cgroup', path }],
});

const mount: Mount = { destination: '/sys/fs/cgroup', type: 'cgroup', source: 'cgroup' };

const config = (changes: Partial<Config>, mounts: Mount[] = [mount]): Config => ({
  ociVersion: '1.3.0',
  root: { path: 'rootfs' },
  linux: { namespaces: [{ type: 'cgroup' }] },
  mounts,
  ...changes,
});

const user = (uid: number): Partial<Config> => ({
  process: { cwd: '/', user: { uid, gid: 0 } },
});

const mapped = (uid: number): Partial<Config> => ({
  ...user(uid),
  linux: {
    namespaces: [{ type: 'cgroup' }, { type: 'user' }],
    uidMappings: [
      { containerID: 0, hostID: 5000, size: 10 },
      { containerID: 100, hostID: 7000, size: 10 },
    ],
  },
});

test.each<[Config, number | undefined]>([
  [config({}), 0],
  [config(user(1000)), 1000],
  [config(mapped(0)), 5000],
  [config(mapped(103)), 7003],
  [config(mapped(50)), undefined],
  [config({}, [{ ...mount, destination: '/sys//fs/cgroup/' }]), 0],
  [config({}, [{ ...mount, options: ['ro', 'rw'] }]), 0],
  [config({}, [{ ...mount, options: ['nosuid', 'rw'] }]), 0],
  [config({}, [{ ...mount, options: ['nosuid', 'ro'] }]), undefined],
  [config({}, [{ ...mount, options: ['rw', 'ro'] }]), undefined],
  [config({}, [{ ...mount, source: '/sys/fs/cgroup' }]), undefined],
  [config({}, [{ ...mount, destination: '/cgroup' }]), undefined],
  [config({}, []), undefined],
  [config({ linux: { namespaces: [] } }), undefined],
  [config({ linux: { namespaces: [{ type: 'cgroup', path: '/proc/1/ns/cgroup' }] } }), undefined],
])('%j', (given, uid) => {
  expect(planDelegation(given, placement('v2'))).toEqual(
    uid === undefined ? undefined : { path, uid },
  );
});

test.each(['v1', 'hybrid'] as const)('never on %s', (mode) => {
  expect(planDelegation(config({}), placement(mode))).toBeUndefined();
});
