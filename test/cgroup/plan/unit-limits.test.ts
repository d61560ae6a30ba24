import { describe, expect, test } from 'vitest';
import type { Resources } from '../../../src/bundle/config.ts';
import { unitLimits, unlimited } from '../../../src/cgroup/plan/unit-limits.ts';

const infinity = 2n ** 64n - 1n;

/** Newer than all that the table knows. */
const newest = 999;

const told = (resources: Resources, version: 1 | 2, systemdVersion = newest) =>
  Object.fromEntries(
    unitLimits(resources, { version, systemdVersion }).map(({ name, signature, value }) => [
      `${name} ${signature}`,
      value,
    ]),
  );

const everything: Resources = {
  memory: { limit: 100, swap: 150, reservation: 50 },
  cpu: { shares: 1024, quota: 5000, period: 20_000, cpus: '0-1', mems: '0' },
  pids: { limit: 9 },
  blockIO: { weight: 500 },
};

test('on v1', () => {
  expect(told(everything, 1)).toEqual({
    'MemoryLimit t': 100n,
    'CPUShares t': 1024n,
    'CPUQuotaPeriodUSec t': 20_000n,
    'CPUQuotaPerSecUSec t': 250_000n,
    'BlockIOWeight t': 500n,
    'TasksMax t': 9n,
  });
});

test('on v2', () => {
  expect(told(everything, 2)).toEqual({
    'MemoryMax t': 100n,
    'MemorySwapMax t': 50n,
    'MemoryLow t': 50n,
    'CPUWeight t': 100n,
    'CPUQuotaPeriodUSec t': 20_000n,
    'CPUQuotaPerSecUSec t': 250_000n,
    'AllowedCPUs ay': [3],
    'AllowedMemoryNodes ay': [1],
    'IOWeight t': 4950n,
    'TasksMax t': 9n,
  });
});

test('no limit is a number of systemd’s', () => {
  const none: Resources = {
    memory: { limit: -1, swap: -1, reservation: -1 },
    cpu: { quota: -1 },
    pids: { limit: -1 },
  };
  expect(told(none, 1)).toEqual({
    'MemoryLimit t': infinity,
    'CPUQuotaPerSecUSec t': infinity,
    'TasksMax t': infinity,
  });
  expect(told(none, 2)).toEqual({
    'MemoryMax t': infinity,
    'MemorySwapMax t': infinity,
    'MemoryLow t': infinity,
    'CPUQuotaPerSecUSec t': infinity,
    'TasksMax t': infinity,
  });
});

test('0 says nothing, but of tasks, of which systemd takes no 0', () => {
  const zeros: Resources = {
    memory: { limit: 0, swap: 0, reservation: 0 },
    cpu: { shares: 0, quota: 0, period: 0, cpus: '', mems: '', idle: 0 },
    blockIO: { weight: 0 },
    pids: { limit: 0 },
  };
  expect(told(zeros, 1)).toEqual({ 'TasksMax t': 1n });
  expect(told(zeros, 2)).toEqual({ 'TasksMax t': 1n });
});

test('a quota is a time for each second, in steps of 10 ms and rounded up', () => {
  const perSecond = (quota: number, period?: number) =>
    told({ cpu: { quota, ...(period !== undefined && { period }) } }, 2)['CPUQuotaPerSecUSec t'];
  expect(perSecond(100_000)).toBe(1_000_000n);
  expect(perSecond(1000)).toBe(10_000n);
  expect(perSecond(1001)).toBe(20_000n);
  expect(perSecond(600_000, 200_000)).toBe(3_000_000n);
});

test('idle is a weight of 0, and takes the place of one', () => {
  expect(told({ cpu: { idle: 1, shares: 512 } }, 2)).toEqual({ 'CPUWeight t': 0n });
  expect(told({ cpu: { idle: 1, shares: 512 } }, 1)).toEqual({});
});

describe('what an older systemd does not know it is not told', () => {
  test.each<readonly [name: string, since: number, Resources]>([
    ['CPUQuotaPeriodUSec t', 242, { cpu: { period: 20_000 } }],
    ['AllowedCPUs ay', 244, { cpu: { cpus: '0' } }],
    ['AllowedMemoryNodes ay', 244, { cpu: { mems: '0' } }],
    ['CPUWeight t', 252, { cpu: { idle: 1 } }],
    ['CPUQuotaPeriodUSec t', 242, { unified: { 'cpu.max': 'max 20000' } }],
    ['AllowedCPUs ay', 244, { unified: { 'cpuset.cpus': '0' } }],
    ['CPUWeight t', 252, { unified: { 'cpu.idle': '1' } }],
    ['OOMPolicy s', 253, { unified: { 'memory.oom.group': '1' } }],
  ])('%s since %d', (name, since, resources) => {
    expect(told(resources, 2, since)).toHaveProperty([name]);
    expect(told(resources, 2, since - 1)).not.toHaveProperty([name]);
  });
});

describe('unified files', () => {
  test.each<readonly [file: string, text: string, Readonly<Record<string, unknown>>]>([
    [
      'cpu.max',
      '5000 20000',
      { 'CPUQuotaPeriodUSec t': 20_000n, 'CPUQuotaPerSecUSec t': 250_000n },
    ],
    ['cpu.max', 'max', { 'CPUQuotaPeriodUSec t': 100_000n, 'CPUQuotaPerSecUSec t': infinity }],
    ['cpu.max', 'nonsense', { 'CPUQuotaPeriodUSec t': 100_000n }],
    ['cpu.weight', '7', { 'CPUWeight t': 7n }],
    ['cpuset.cpus', '1\n', { 'AllowedCPUs ay': [2] }],
    ['cpuset.cpus', 'all', {}],
    ['memory.high', '10', { 'MemoryHigh t': 10n }],
    ['memory.low', '10', { 'MemoryLow t': 10n }],
    ['memory.min', '10', { 'MemoryMin t': 10n }],
    ['memory.max', 'max', { 'MemoryMax t': infinity }],
    ['memory.swap.max', '0', { 'MemorySwapMax t': 0n }],
    ['pids.max', '0', { 'TasksMax t': 1n }],
    ['pids.max', 'max', { 'TasksMax t': infinity }],
    ['memory.oom.group', '0', { 'OOMPolicy s': 'continue' }],
    ['memory.oom.group', '1', { 'OOMPolicy s': 'kill' }],
    ['cpu.idle', '0', {}],
    ['hugetlb.2MB.max', '0', {}],
  ])('%s %s', (file, text, properties) => {
    expect(told({ unified: { [file]: text } }, 2)).toEqual(properties);
  });

  test('count more than what says the same in other words', () => {
    const resources: Resources = { memory: { limit: 1 }, unified: { 'memory.max': '2' } };
    expect(told(resources, 2)).toEqual({ 'MemoryMax t': 2n });
  });

  test('are not for v1', () => {
    expect(told({ unified: { 'memory.max': '2' } }, 1)).toEqual({});
  });
});

test('a property is taken back to what it is when nothing was said', () => {
  const back = (name: string, signature: string) => unlimited({ name, signature, value: 1n }).value;
  expect(back('MemoryMax', 't')).toBe(infinity);
  expect(back('CPUWeight', 't')).toBe(infinity);
  expect(back('MemoryLow', 't')).toBe(0n);
  expect(back('MemoryMin', 't')).toBe(0n);
  expect(back('AllowedCPUs', 'ay')).toEqual([]);
  expect(back('OOMPolicy', 's')).toBe('continue');
});
