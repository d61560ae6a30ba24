import { expect, test } from 'vitest';
import { cpuListBytes, parseCpuList } from '../../../src/cgroup/plan/cpu-list.ts';

test.each<readonly [string, readonly number[], readonly number[]]>([
  ['0', [0], [1]],
  ['0-3', [0, 1, 2, 3], [0b1111]],
  ['7,0-1\n', [0, 1, 7], [0b1000_0011]],
  ['8', [8], [0, 1]],
  ['1, 3-3 ,2', [1, 2, 3], [0b1110]],
  ['0-1,1-2,', [0, 1, 2], [0b111]],
  ['63', [63], [0, 0, 0, 0, 0, 0, 0, 128]],
])('%j', (text, numbers, bytes) => {
  expect(parseCpuList(text)).toEqual(numbers);
  expect(cpuListBytes(text)).toEqual(bytes);
});

test('nothing is the empty list', () => {
  expect(parseCpuList('\n')).toEqual([]);
});

test.each(['a', '-1', '3-1', '1-', '1-2-3', '0x1', '65536', '0-4000000000', '1 2'])(
  '%j is no list',
  (text) => {
    expect(parseCpuList(text)).toBeUndefined();
    expect(cpuListBytes(text)).toBeUndefined();
  },
);
