import { expect, test } from 'vitest';
import type { Resources } from '../../../../src/bundle/config.ts';
import { withSystemdsQuota } from '../../../../src/cgroup/plan/limits/cpu.ts';
import { askedOf, writtenFor } from '../../../support/limit-writes.ts';

type Cpu = NonNullable<Resources['cpu']>;

const table: readonly (readonly [Cpu, v1: readonly string[], v2: readonly string[]])[] = [
  [{}, [], []],
  [
    { shares: 0, quota: 0, period: 0, realtimeRuntime: 0, realtimePeriod: 0, cpus: '', mems: '' },
    [],
    [],
  ],
  [{ shares: 1024 }, ['cpu.shares 1024'], ['cpu.weight 100']],
  [{ shares: 2 }, ['cpu.shares 2'], ['cpu.weight 1']],
  [{ shares: 262_144 }, ['cpu.shares 262144'], ['cpu.weight 10000']],
  [{ quota: 5000 }, ['cpu.cfs_quota_us 5000'], ['cpu.max 5000 100000']],
  [{ quota: -1 }, ['cpu.cfs_quota_us -1'], ['cpu.max max 100000']],
  [{ period: 20_000 }, ['cpu.cfs_period_us 20000'], ['cpu.max max 20000']],
  [
    { quota: 5000, period: 20_000 },
    ['cpu.cfs_period_us 20000', 'cpu.cfs_quota_us 5000'],
    ['cpu.max 5000 20000'],
  ],
  [
    { quota: -1, period: 20_000 },
    ['cpu.cfs_period_us 20000', 'cpu.cfs_quota_us -1'],
    ['cpu.max max 20000'],
  ],
  // 0 takes a burst back
  [{ burst: 0 }, ['cpu.cfs_burst_us 0'], ['cpu.max.burst 0']],
  [{ burst: 900 }, ['cpu.cfs_burst_us 900'], ['cpu.max.burst 900']],
  [{ realtimePeriod: 1_000_000 }, ['cpu.rt_period_us 1000000'], []],
  [{ realtimeRuntime: 950_000 }, ['cpu.rt_runtime_us 950000'], []],
  [{ cpus: '0-1' }, ['cpuset.cpus 0-1'], ['cpuset.cpus 0-1']],
  [{ mems: '0' }, ['cpuset.mems 0'], ['cpuset.mems 0']],
  [{ idle: 1 }, ['cpu.idle 1'], ['cpu.idle 1']],
  [{ idle: 0 }, ['cpu.idle 0'], ['cpu.idle 0']],
  // an idle cgroup has no weight
  [{ idle: 1, shares: 512 }, ['cpu.idle 1'], ['cpu.idle 1']],
  [{ idle: 0, shares: 1024 }, ['cpu.idle 0', 'cpu.shares 1024'], ['cpu.idle 0', 'cpu.weight 100']],
  // 2^63 as near as a number comes: the kernel says what it thinks of it
  [
    { quota: 9.2e18 },
    ['cpu.cfs_quota_us 9200000000000000000'],
    ['cpu.max 9200000000000000000 100000'],
  ],
];

test.each(table)('%j', (cpu, v1, v2) => {
  expect(writtenFor({ cpu })).toEqual({ v1, v2 });
});

test.each<readonly [Cpu, readonly string[]]>([
  [{ quota: -1, burst: 0, idle: 0, shares: 0, cpus: '' }, []],
  [
    { shares: 1, quota: 1, burst: 1, period: 1, idle: 1, cpus: '0', mems: '0' },
    ['cpu.idle', 'cpu.shares', 'cpu.period', 'cpu.quota', 'cpu.burst', 'cpu.cpus', 'cpu.mems'],
  ],
  [{ realtimePeriod: 1, realtimeRuntime: 1 }, ['cpu.realtimePeriod', 'cpu.realtimeRuntime']],
])('a host has to have what %j asks for', (cpu, properties) => {
  expect(askedOf({ cpu })).toEqual(properties);
});

test.each([
  [500_000, 1_000_000, 500_000],
  [500_000, 900_000, 504_000],
  [1, 100_000, 1000],
  [12_345, 0, 13_000],
  [-1, 100_000, -1],
])('systemd makes of the quota %i in %i: %i', (quota, period, rounded) => {
  expect(withSystemdsQuota({ cpu: { quota, period } })).toEqual({
    cpu: { quota: rounded, period },
  });
});
