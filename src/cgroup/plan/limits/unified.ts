/**
 * linux.resources.unified: config-linux.md#unified. The files of cgroup v2 by their own names.
 *
 * Several of them systemd knows, too, and would put its own value back at its next occasion: so it is told.
 */
import type { Resources } from '../../../bundle/config.ts';
import { cpuListBytes } from '../cpu-list.ts';
import type { BusValue } from '../../../base/bus-value.ts';
import type { UnitProperty } from '../unit-property.ts';
import { isIdle, weightFiles } from './idle.ts';
import { infinity, type LimitWrite } from './rule.ts';

export interface UnifiedWrites {
  readonly key: string;
  readonly controller: string;
  readonly writes: readonly LimitWrite[];
}

/** A value of several lines is written line by line: the kernel takes one at a time. */
export function unifiedWrites(resources: Resources): readonly UnifiedWrites[] {
  return possible(resources).map(([key, value]) => ({
    key,
    controller: key.slice(0, key.indexOf('.')),
    writes: value
      .trim()
      .split('\n')
      .map((text) => ({ file: key, value: text, ...deviceLine(key, text) })),
  }));
}

function possible(resources: Resources): readonly (readonly [string, string])[] {
  const all = Object.entries(resources.unified ?? {});
  return isIdle(resources) ? all.filter(([key]) => !weightFiles.includes(key)) : all;
}

/** Files that have a line for each device, and what takes a device's line back. */
const resets: Readonly<Record<string, string>> = {
  'io.max': 'rbps=max wbps=max riops=max wiops=max',
  'io.weight': 'default',
  'io.bfq.weight': 'default',
  'io.latency': 'target=0',
  'rdma.max': 'hca_handle=max hca_object=max',
};

function deviceLine(file: string, text: string): Pick<LimitWrite, 'line'> {
  const reset = resets[file];
  const [key = '', ...rest] = text.trim().split(/\s+/);
  // a weight alone, or `default 100`, is for all devices
  if (reset === undefined || rest.length === 0 || key === 'default') return {};
  return { line: { key, reset: `${key} ${reset}` } };
}

/** A property of a unit that says what a file says. */
export interface Translation {
  readonly name: string;
  readonly signature: string;
  readonly since?: number;
  readonly value: (text: string) => BusValue | undefined;
}

const number = (text: string): bigint | undefined => {
  if (text === 'max') return infinity;
  return /^\d+$/.test(text) ? BigInt(text) : undefined;
};

const plain = (name: string): readonly Translation[] => [{ name, signature: 't', value: number }];

const list = (name: string): readonly Translation[] => [
  { name, signature: 'ay', since: 244, value: cpuListBytes },
];

/** `cpu.max`: quota and period. */
function perSecond(text: string): bigint | undefined {
  const [quota = '', period = '100000'] = text.split(/\s+/);
  if (quota === 'max') return infinity;
  const exact = (Number(quota) * 1_000_000) / Number(period);
  return Number.isFinite(exact) ? BigInt(Math.ceil(exact / 10_000) * 10_000) : undefined;
}

export const translations: Readonly<Record<string, readonly Translation[]>> = {
  'cpu.idle': [
    {
      name: 'CPUWeight',
      signature: 't',
      since: 252,
      value: (text) => (text === '1' ? 0n : undefined),
    },
  ],
  'cpu.max': [
    {
      name: 'CPUQuotaPeriodUSec',
      signature: 't',
      since: 242,
      value: (text) => number(text.split(/\s+/)[1] ?? '100000'),
    },
    { name: 'CPUQuotaPerSecUSec', signature: 't', value: perSecond },
  ],
  'cpu.weight': plain('CPUWeight'),
  'cpuset.cpus': list('AllowedCPUs'),
  'cpuset.mems': list('AllowedMemoryNodes'),
  'memory.high': plain('MemoryHigh'),
  'memory.low': plain('MemoryLow'),
  'memory.min': plain('MemoryMin'),
  'memory.max': plain('MemoryMax'),
  'memory.swap.max': plain('MemorySwapMax'),
  'pids.max': [
    {
      name: 'TasksMax',
      signature: 't',
      // systemd takes no 0; the file gets it
      value: (text) => (text === '0' ? 1n : number(text)),
    },
  ],
  'memory.oom.group': [
    {
      name: 'OOMPolicy',
      signature: 's',
      since: 253,
      value: (text) => ({ '0': 'continue', '1': 'kill' })[text],
    },
  ],
};

export function unifiedUnitProperties(
  resources: Resources,
  systemdVersion: number,
): readonly UnitProperty[] {
  return possible(resources).flatMap(([key, text]) =>
    (translations[key] ?? []).flatMap(({ name, signature, since = 0, value }) => {
      const found = since > systemdVersion ? undefined : value(text.trim());
      return found === undefined ? [] : [{ name, signature, value: found }];
    }),
  );
}
