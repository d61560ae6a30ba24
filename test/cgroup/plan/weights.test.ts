import { describe, expect, test } from 'vitest';
import { cpuWeight, ioWeight } from '../../../src/cgroup/plan/weights.ts';

test.each([
  [0, 0],
  [1, 1],
  [2, 1],
  [512, 59],
  [1024, 100],
  [2048, 174],
  [262_143, 10_000],
  [262_144, 10_000],
  [1e9, 10_000],
])('%d shares are a weight of %d', (shares, weight) => {
  expect(cpuWeight(shares)).toBe(weight);
});

test('more shares are never less weight, and every weight is one that the kernel takes', () => {
  let before = 1;
  for (let shares = 2; shares <= 262_144; shares += 7) {
    const weight = cpuWeight(shares);
    expect(weight).toBeGreaterThanOrEqual(before);
    expect(weight).toBeLessThanOrEqual(10_000);
    before = weight;
  }
});

describe('block devices', () => {
  test.each([
    [0, 0],
    [10, 1],
    [500, 4950],
    [1000, 10_000],
  ])('a weight of %d on v1 is one of %d on v2', (old, weight) => {
    expect(ioWeight(old)).toBe(weight);
  });
});
