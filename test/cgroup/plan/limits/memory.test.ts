import { describe, expect, test } from 'vitest';
import type { Resources } from '../../../../src/bundle/config.ts';
import { askedOf, writtenFor } from '../../../support/limit-writes.ts';

type Memory = NonNullable<Resources['memory']>;

const table: readonly (readonly [Memory, v1: readonly string[], v2: readonly string[]])[] = [
  [{}, [], []],
  [{ limit: 0, reservation: 0, swap: 0, kernel: 0, kernelTCP: 0 }, [], []],
  [{ limit: 4096 }, ['memory.limit_in_bytes 4096'], ['memory.max 4096']],
  // unlimited memory below a limit on both would still be limited
  [
    { limit: -1 },
    ['memory.limit_in_bytes -1', 'memory.memsw.limit_in_bytes -1 (optional)'],
    ['memory.max max', 'memory.swap.max max (optional)'],
  ],
  [
    { limit: 100, swap: 150 },
    ['memory.limit_in_bytes 100', 'memory.memsw.limit_in_bytes 150'],
    ['memory.max 100', 'memory.swap.max 50'],
  ],
  [
    { limit: 100, swap: 100 },
    ['memory.limit_in_bytes 100', 'memory.memsw.limit_in_bytes 100'],
    ['memory.max 100', 'memory.swap.max 0 (optional)'],
  ],
  [
    { limit: 100, swap: -1 },
    ['memory.limit_in_bytes 100', 'memory.memsw.limit_in_bytes -1 (optional)'],
    ['memory.max 100', 'memory.swap.max max (optional)'],
  ],
  [
    { limit: -1, swap: 150 },
    ['memory.limit_in_bytes -1', 'memory.memsw.limit_in_bytes 150'],
    ['memory.max max', 'memory.swap.max 150'],
  ],
  [{ reservation: 7 }, ['memory.soft_limit_in_bytes 7'], ['memory.low 7']],
  [{ reservation: -1 }, ['memory.soft_limit_in_bytes -1'], ['memory.low max']],
  [{ kernel: 5 }, ['memory.kmem.limit_in_bytes 5'], []],
  [{ kernelTCP: -1 }, ['memory.kmem.tcp.limit_in_bytes -1'], []],
  [{ swappiness: 0 }, ['memory.swappiness 0'], []],
  [{ swappiness: 100 }, ['memory.swappiness 100'], []],
  [{ disableOOMKiller: true }, ['memory.oom_control 1'], []],
  [{ disableOOMKiller: false }, ['memory.oom_control 0'], []],
  [{ useHierarchy: true }, ['memory.use_hierarchy 1'], []],
  [{ useHierarchy: false, checkBeforeUpdate: true }, [], []],
  // the largest that a config can hold exactly, and one beyond that JavaScript prints with an exponent
  [
    { limit: 2 ** 53 - 1 },
    ['memory.limit_in_bytes 9007199254740991'],
    ['memory.max 9007199254740991'],
  ],
  [
    { limit: 1e22 },
    ['memory.limit_in_bytes 10000000000000000000000'],
    ['memory.max 10000000000000000000000'],
  ],
];

test.each(table)('%j', (memory, v1, v2) => {
  expect(writtenFor({ memory })).toEqual({ v1, v2 });
});

describe('what a host has to have', () => {
  test.each<readonly [Memory, readonly string[]]>([
    [{ limit: 0, swap: 0, reservation: 0, kernel: 0, kernelTCP: 0 }, []],
    [{ limit: -1, swap: -1, reservation: -1, kernel: -1, kernelTCP: -1 }, []],
    [{ disableOOMKiller: false, useHierarchy: true, checkBeforeUpdate: true }, []],
    [{ swappiness: 0 }, ['memory.swappiness']],
    [
      { limit: 1, swap: 1, reservation: 1, kernel: 1, kernelTCP: 1, disableOOMKiller: true },
      [
        'memory.limit',
        'memory.swap',
        'memory.reservation',
        'memory.kernel',
        'memory.kernelTCP',
        'memory.disableOOMKiller',
      ],
    ],
  ])('%j', (memory, properties) => {
    expect(askedOf({ memory })).toEqual(properties);
  });
});
