/**
 * linux.resources.memory: config-linux.md#memory.
 */
import type { Resources } from '../../../bundle/config.ts';
import { digits, file, infinity, type LimitRule, orInfinity, orMax, unlessZero } from './rule.ts';

const memory = ({ memory: limits }: Resources) => limits ?? {};

/** Without a word on swap, unlimited memory is unlimited swap: what was allowed together is otherwise less than it. */
const wantedSwap = (resources: Resources): number => {
  const { limit = 0, swap = 0 } = memory(resources);
  return limit === -1 && swap === 0 ? -1 : swap;
};

/** v1 counts memory and swap together, v2 swap alone. */
function swapAlone(resources: Resources): string | undefined {
  const swap = wantedSwap(resources);
  if (swap <= 0) return swap < 0 ? 'max' : undefined;
  const { limit = 0 } = memory(resources);
  // the rule about memory.swap has seen that the limit is there, or unlimited
  return digits(limit > 0 ? swap - limit : swap);
}

function swapForUnit(resources: Resources): bigint | undefined {
  const text = swapAlone(resources);
  if (text === undefined) return undefined;
  return text === 'max' ? infinity : BigInt(text);
}

/** Hosts without swap accounting hold to "no limit" by themselves. */
const isNoLimit = (resources: Resources): boolean => wantedSwap(resources) === -1;

export const memoryRules: readonly LimitRule[] = [
  {
    property: 'memory.limit',
    controller: 'memory',
    asked: (resources) => (memory(resources).limit ?? 0) > 0,
    together: 'memory',
    v1: file('memory.limit_in_bytes', 'bytes', (resources) => unlessZero(memory(resources).limit)),
    v2: file('memory.max', 'bytes; `max` for -1', (resources) => orMax(memory(resources).limit)),
    unitV1: [{ name: 'MemoryLimit', signature: 't', value: (r) => orInfinity(memory(r).limit) }],
    unitV2: [{ name: 'MemoryMax', signature: 't', value: (r) => orInfinity(memory(r).limit) }],
  },
  {
    property: 'memory.swap',
    controller: 'memory',
    asked: (resources) => (memory(resources).swap ?? 0) > 0,
    together: 'memory',
    v1: {
      file: 'memory.memsw.limit_in_bytes',
      value: 'bytes of memory and swap together',
      writes(resources) {
        const value = unlessZero(wantedSwap(resources));
        if (value === undefined) return [];
        const name = 'memory.memsw.limit_in_bytes';
        return [{ file: name, value, ...(isNoLimit(resources) && { optional: true }) }];
      },
    },
    v2: {
      file: 'memory.swap.max',
      value: 'swap less limit; `max` for -1',
      writes(resources) {
        const value = swapAlone(resources);
        if (value === undefined) return [];
        const unneeded = value === 'max' || value === '0';
        return [{ file: 'memory.swap.max', value, ...(unneeded && { optional: true }) }];
      },
    },
    unitV2: [{ name: 'MemorySwapMax', signature: 't', value: swapForUnit }],
  },
  {
    property: 'memory.reservation',
    controller: 'memory',
    asked: (resources) => (memory(resources).reservation ?? 0) > 0,
    v1: file('memory.soft_limit_in_bytes', 'bytes', (r) => unlessZero(memory(r).reservation)),
    v2: file('memory.low', 'bytes; `max` for -1', (r) => orMax(memory(r).reservation)),
    unitV2: [
      { name: 'MemoryLow', signature: 't', value: (r) => orInfinity(memory(r).reservation) },
    ],
  },
  {
    property: 'memory.kernel',
    controller: 'memory',
    asked: (resources) => (memory(resources).kernel ?? 0) > 0,
    v1: file('memory.kmem.limit_in_bytes', 'bytes', (r) => unlessZero(memory(r).kernel)),
  },
  {
    property: 'memory.kernelTCP',
    controller: 'memory',
    asked: (resources) => (memory(resources).kernelTCP ?? 0) > 0,
    v1: file('memory.kmem.tcp.limit_in_bytes', 'bytes', (r) => unlessZero(memory(r).kernelTCP)),
  },
  {
    property: 'memory.swappiness',
    controller: 'memory',
    asked: (resources) => memory(resources).swappiness !== undefined,
    v1: file('memory.swappiness', '0 to 100', (resources) => {
      const { swappiness } = memory(resources);
      return swappiness === undefined ? undefined : digits(swappiness);
    }),
  },
  {
    property: 'memory.disableOOMKiller',
    controller: 'memory',
    asked: (resources) => memory(resources).disableOOMKiller === true,
    v1: file('memory.oom_control', '`1` or `0`', (resources) => {
      const { disableOOMKiller } = memory(resources);
      return disableOOMKiller === undefined ? undefined : String(Number(disableOOMKiller));
    }),
  },
  {
    property: 'memory.useHierarchy',
    controller: 'memory',
    asked: () => false,
    v1: file('memory.use_hierarchy', '`1` for true', (resources) =>
      memory(resources).useHierarchy === true ? '1' : undefined,
    ),
    v2: { file: '', value: 'always so', writes: () => [] },
  },
  {
    property: 'memory.checkBeforeUpdate',
    controller: 'memory',
    asked: () => false,
    v1: { file: 'memory.usage_in_bytes', value: 'read before', writes: () => [] },
    v2: { file: 'memory.current', value: 'read before', writes: () => [] },
  },
];
