/**
 * linux.resources.cpu: config-linux.md#cpu.
 */
import type { Resources } from '../../../bundle/config.ts';
import { cpuListBytes } from '../cpu-list.ts';
import type { BusValue } from '../../../base/bus-value.ts';
import { cpuWeight } from '../weights.ts';
import { idleOf, isIdle } from './idle.ts';
import { digits, file, infinity, type LimitRule, unlessZero } from './rule.ts';

const cpu = ({ cpu: limits }: Resources) => limits ?? {};

/** The kernel's, in microseconds. */
const usualPeriod = 100_000;

/** v2 has one file for both; the quota's row writes it, and the period's where there is no quota. */
const bandwidth = (quota: number, period: number): string =>
  `${quota > 0 ? digits(quota) : 'max'} ${digits(period > 0 ? period : usualPeriod)}`;

const second = 1_000_000;

/** Microseconds of CPU time in a second, in steps of 10 ms, rounded up: what systemd can express. */
function inSteps(quota: number, period: number): number {
  const step = 10_000;
  return Math.ceil((quota * second) / period / step) * step;
}

function quotaPerSecond(resources: Resources): BusValue | undefined {
  const { quota = 0, period = 0 } = cpu(resources);
  if (quota === 0) return undefined;
  return quota < 0 ? infinity : BigInt(inSteps(quota, period > 0 ? period : usualPeriod));
}

/** With the quota that systemd makes of it, and would write again whenever it is reloaded. */
export function withSystemdsQuota(resources: Resources): Resources {
  const { quota = 0, period = 0 } = cpu(resources);
  if (quota <= 0) return resources;
  const length = period > 0 ? period : usualPeriod;
  const rounded = Math.floor((inSteps(quota, length) * length) / second);
  return { ...resources, cpu: { ...resources.cpu, quota: rounded } };
}

function listOf(text: string | undefined): BusValue | undefined {
  return text === undefined || text === '' ? undefined : cpuListBytes(text);
}

const period = (resources: Resources): BusValue | undefined => {
  const microseconds = cpu(resources).period ?? 0;
  return microseconds === 0 ? undefined : BigInt(microseconds);
};

const unitBandwidth = [
  { name: 'CPUQuotaPeriodUSec', signature: 't', since: 242, value: period },
  { name: 'CPUQuotaPerSecUSec', signature: 't', value: quotaPerSecond },
] as const;

function unitWeight(resources: Resources): BusValue | undefined {
  const weight = cpuWeight(cpu(resources).shares ?? 0);
  return weight === 0 || isIdle(resources) ? undefined : BigInt(weight);
}

function unitShares(resources: Resources): BusValue | undefined {
  const { shares = 0 } = cpu(resources);
  return shares === 0 || isIdle(resources) ? undefined : BigInt(shares);
}

export const cpuRules: readonly LimitRule[] = [
  {
    property: 'cpu.idle',
    controller: 'cpu',
    asked: (resources) => cpu(resources).idle === 1,
    together: 'cpu weight',
    v1: file('cpu.idle', '`1` or `0`', (r) => cpu(r).idle?.toString()),
    // of unified, too: before any weight
    v2: file('cpu.idle', '`1` or `0`', idleOf),
    // of CPUWeight, 0 is a word: idle
    unitV2: [
      { name: 'CPUWeight', signature: 't', since: 252, value: (r) => (isIdle(r) ? 0n : undefined) },
    ],
  },
  {
    property: 'cpu.shares',
    controller: 'cpu',
    asked: (resources) => (cpu(resources).shares ?? 0) > 0,
    together: 'cpu weight',
    v1: file('cpu.shares', 'shares', (r) => (isIdle(r) ? undefined : unlessZero(cpu(r).shares))),
    v2: file('cpu.weight', 'the weight that the shares amount to, 1024 being 100', (r) =>
      isIdle(r) ? undefined : unlessZero(cpuWeight(cpu(r).shares ?? 0)),
    ),
    unitV1: [{ name: 'CPUShares', signature: 't', value: unitShares }],
    unitV2: [{ name: 'CPUWeight', signature: 't', value: unitWeight }],
  },
  {
    property: 'cpu.period',
    controller: 'cpu',
    asked: (resources) => (cpu(resources).period ?? 0) > 0,
    together: 'cpu bandwidth',
    v1: file('cpu.cfs_period_us', 'microseconds', (r) => unlessZero(cpu(r).period)),
    v2: file('cpu.max', 'the second number, microseconds', (resources) => {
      const { quota = 0, period: length = 0 } = cpu(resources);
      return quota === 0 && length > 0 ? bandwidth(0, length) : undefined;
    }),
    unitV1: [unitBandwidth[0]],
    unitV2: [unitBandwidth[0]],
  },
  {
    property: 'cpu.quota',
    controller: 'cpu',
    asked: (resources) => (cpu(resources).quota ?? 0) > 0,
    together: 'cpu bandwidth',
    v1: file('cpu.cfs_quota_us', 'microseconds; no limit below 0', (r) => unlessZero(cpu(r).quota)),
    v2: file('cpu.max', 'the first number, microseconds; `max` below 0', (resources) => {
      const { quota = 0, period: length = 0 } = cpu(resources);
      return quota === 0 ? undefined : bandwidth(quota, length);
    }),
    unitV1: [unitBandwidth[1]],
    unitV2: [unitBandwidth[1]],
  },
  {
    property: 'cpu.burst',
    controller: 'cpu',
    asked: (resources) => (cpu(resources).burst ?? 0) > 0,
    together: 'cpu bandwidth',
    v1: file('cpu.cfs_burst_us', 'microseconds', (r) => burst(r)),
    v2: file('cpu.max.burst', 'microseconds', (r) => burst(r)),
  },
  {
    property: 'cpu.realtimePeriod',
    controller: 'cpu',
    asked: (resources) => (cpu(resources).realtimePeriod ?? 0) > 0,
    together: 'cpu realtime',
    v1: file('cpu.rt_period_us', 'microseconds', (r) => unlessZero(cpu(r).realtimePeriod)),
  },
  {
    property: 'cpu.realtimeRuntime',
    controller: 'cpu',
    asked: (resources) => (cpu(resources).realtimeRuntime ?? 0) > 0,
    together: 'cpu realtime',
    v1: file('cpu.rt_runtime_us', 'microseconds', (r) => unlessZero(cpu(r).realtimeRuntime)),
  },
  {
    property: 'cpu.cpus',
    controller: 'cpuset',
    asked: (resources) => (cpu(resources).cpus ?? '') !== '',
    v1: file('cpuset.cpus', 'the list', (r) => cpu(r).cpus || undefined),
    v2: file('cpuset.cpus', 'the list', (r) => cpu(r).cpus || undefined),
    unitV2: [
      { name: 'AllowedCPUs', signature: 'ay', since: 244, value: (r) => listOf(cpu(r).cpus) },
    ],
  },
  {
    property: 'cpu.mems',
    controller: 'cpuset',
    asked: (resources) => (cpu(resources).mems ?? '') !== '',
    v1: file('cpuset.mems', 'the list', (r) => cpu(r).mems || undefined),
    v2: file('cpuset.mems', 'the list', (r) => cpu(r).mems || undefined),
    unitV2: [
      {
        name: 'AllowedMemoryNodes',
        signature: 'ay',
        since: 244,
        value: (r) => listOf(cpu(r).mems),
      },
    ],
  },
];

function burst(resources: Resources): string | undefined {
  const microseconds = cpu(resources).burst;
  return microseconds === undefined ? undefined : digits(microseconds);
}
