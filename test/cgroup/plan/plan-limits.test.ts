import { describe, expect, test } from 'vitest';
import type { Resources } from '../../../src/bundle/config.ts';
import { parseLayout } from '../../../src/cgroup/plan/layout.ts';
import { type CgroupPlacement, placeContainer } from '../../../src/cgroup/plan/placement.ts';
import { isLate, planLimits } from '../../../src/cgroup/plan/plan-limits.ts';
import { hybridHost, legacyHost, unifiedHost } from '../../support/cgroup-hosts.ts';

const placed = ({ mountinfo, cgroup }: typeof hybridHost): CgroupPlacement =>
  placeContainer(parseLayout(mountinfo, cgroup), { cgroupsPath: '/box', id: 'unused' });

/** Each group as one string: `property → file value, …`. */
const planned = (resources: Resources, placement: CgroupPlacement) =>
  planLimits(resources, placement).map((group) =>
    group
      .map(
        ({ property, directory, file, value }) =>
          `${property.replace('linux.resources.', '')} → ${directory.path.replace('/sys/fs/cgroup', '')}/${file} ${value}`,
      )
      .join(', '),
  );

const legacy = placed(legacyHost);
const hybrid = placed(hybridHost);
const unified = placed(unifiedHost);
const nowhere: CgroupPlacement = { mode: 'hybrid', directories: [] };

test('what the kernel compares is one group, in whatever order the config names it', () => {
  const resources: Resources = {
    pids: { limit: 5 },
    cpu: { burst: 3, quota: 2, shares: 4 },
    memory: { swap: 9, limit: 8, reservation: 7 },
  };
  expect(planned(resources, unified)).toEqual([
    'memory.limit → /box/memory.max 8, memory.swap → /box/memory.swap.max 1',
    'memory.reservation → /box/memory.low 7',
    'cpu.shares → /box/cpu.weight 2',
    'cpu.quota → /box/cpu.max 2 100000, cpu.burst → /box/cpu.max.burst 3',
    'pids.limit → /box/pids.max 5',
  ]);
});

test('what is idle by the file of its name has no weight', () => {
  const files = { 'cpu.weight': '8', 'cpu.idle': '1', 'cpu.max': 'max' };
  expect(planned({ cpu: { shares: 4 }, unified: files }, unified)).toEqual([
    'cpu.idle → /box/cpu.idle 1',
    'unified["cpu.idle"] → /box/cpu.idle 1',
    'unified["cpu.max"] → /box/cpu.max max',
  ]);
});

test('being idle ends before a weight is given', () => {
  const files = { 'cpu.weight': '8', 'cpu.idle': '0' };
  expect(planned({ cpu: { idle: 1 }, unified: files }, unified)).toEqual([
    'cpu.idle → /box/cpu.idle 0',
    'unified["cpu.weight"] → /box/cpu.weight 8',
    'unified["cpu.idle"] → /box/cpu.idle 0',
  ]);
});

test('on v1 each file is in the hierarchy of its controller', () => {
  expect(planned({ memory: { limit: 8 }, cpu: { shares: 4 } }, legacy)).toEqual([
    'memory.limit → /memory/box/memory.limit_in_bytes 8',
    'cpu.shares → /cpu,cpuacct/box/cpu.shares 4',
  ]);
});

test('in the hybrid layout a controller without a v1 hierarchy is looked for in the v2 tree', () => {
  const resources: Resources = {
    memory: { limit: 8 },
    hugepageLimits: [{ pageSize: '2MB', limit: 4 }],
    blockIO: { weight: 10 },
  };
  expect(planned(resources, hybrid)).toEqual([
    'memory.limit → /memory/box/memory.limit_in_bytes 8',
    'blockIO.weight → /unified/box/io.bfq.weight 10',
    'hugepageLimits → /unified/box/hugetlb.2MB.max 4, hugepageLimits → /unified/box/hugetlb.2MB.rsvd.max 4',
  ]);
});

test('what asks for nothing needs nothing', () => {
  const resources: Resources = {
    memory: { limit: -1, swap: 0, useHierarchy: true, checkBeforeUpdate: true },
    cpu: { shares: 0, quota: -1, cpus: '' },
    pids: { limit: -1 },
    network: { classID: 0, priorities: [] },
    hugepageLimits: [],
    rdma: {},
    unified: {},
  };
  expect(planned(resources, nowhere)).toEqual([]);
  expect(planned(resources, { ...legacy, directories: [] })).toEqual([]);
});

describe('what a host cannot do is an error that names the property', () => {
  const v1Alone = 'cgroup v1, which alone can do that';
  test.each<readonly [Resources, CgroupPlacement, what: string, needed: string]>([
    [{ pids: { limit: 0 } }, legacy, 'the cgroup controller pids', 'pids.limit'],
    [{ cpu: { cpus: '0' } }, legacy, 'the cgroup controller cpuset', 'cpu.cpus'],
    [{ blockIO: { weight: 10 } }, legacy, 'the cgroup controller blkio', 'blockIO.weight'],
    [
      { hugepageLimits: [{ pageSize: '2MB', limit: 0 }] },
      legacy,
      'the cgroup controller hugetlb',
      'hugepageLimits',
    ],
    [{ network: { classID: 1 } }, hybrid, 'the cgroup controller net_cls', 'network.classID'],
    [
      { network: { priorities: [{ name: 'lo', priority: 1 }] } },
      unified,
      v1Alone,
      'network.priorities',
    ],
    [{ network: { classID: 1 } }, unified, v1Alone, 'network.classID'],
    [{ rdma: { a: { hcaHandles: 1 } } }, legacy, 'the cgroup controller rdma', 'rdma'],
    [{ memory: { kernel: 1 } }, unified, v1Alone, 'memory.kernel'],
    [{ memory: { kernelTCP: 1 } }, unified, v1Alone, 'memory.kernelTCP'],
    [{ memory: { swappiness: 0 } }, unified, v1Alone, 'memory.swappiness'],
    [{ memory: { disableOOMKiller: true } }, unified, v1Alone, 'memory.disableOOMKiller'],
    [{ cpu: { realtimePeriod: 1 } }, unified, v1Alone, 'cpu.realtimePeriod'],
    [{ cpu: { realtimeRuntime: 1 } }, unified, v1Alone, 'cpu.realtimeRuntime'],
    [{ blockIO: { leafWeight: 10 } }, unified, v1Alone, 'blockIO.leafWeight'],
    [{ memory: { limit: 1 } }, nowhere, 'a cgroup of this container', 'memory.limit'],
    [
      { pids: { limit: 1 } },
      { ...nowhere, mode: 'v2' },
      'a cgroup of this container',
      'pids.limit',
    ],
  ])('%j', (resources, placement, what, needed) => {
    expect(() => planLimits(resources, placement)).toThrow(
      expect.objectContaining({
        code: 'host-lacks',
        facts: { what, needed: `linux.resources.${needed}` },
      }),
    );
  });

  test.each([legacy, hybrid, nowhere])('unified files are those of v2 alone: %#', (placement) => {
    expect(() => planLimits({ unified: { 'memory.high': '1' } }, placement)).toThrow(
      expect.objectContaining({
        code: 'usage',
        facts: {
          text: 'invalid configuration: cannot use unified on cgroup v1 (linux.resources.unified)',
        },
      }),
    );
  });
});

test('unified files come last, each its own group, a line a write', () => {
  const resources: Resources = {
    unified: { 'memory.high': ' 5\n', 'io.max': '8:0 rbps=1\n8:16 wbps=2\n' },
    memory: { limit: 9 },
  };
  expect(planned(resources, unified)).toEqual([
    'memory.limit → /box/memory.max 9',
    'unified["memory.high"] → /box/memory.high 5',
    'unified["io.max"] → /box/io.max 8:0 rbps=1, unified["io.max"] → /box/io.max 8:16 wbps=2',
  ]);
  const controllers = planLimits(resources, unified)
    .flat()
    .map(({ controller }) => controller);
  expect(controllers).toEqual(['memory', 'memory', 'io', 'io']);
});

test('a limit on tasks comes into force last, by either name', () => {
  const late = planLimits(
    { pids: { limit: 1 }, unified: { 'pids.max': '1', 'memory.max': '1' } },
    unified,
  )
    .flat()
    .map((write) => `${write.property} ${isLate(write)}`);
  expect(late).toEqual([
    'linux.resources.pids.limit true',
    'linux.resources.unified["pids.max"] true',
    'linux.resources.unified["memory.max"] false',
  ]);
});
