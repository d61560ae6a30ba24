import { expect, test } from 'vitest';
import { limitBits } from '../../src/plan/hooks.ts';

test.each([
  [0, 0n],
  [1024, 1024n],
  [2 ** 53, 1n << 53n],
  [2 ** 62, 1n << 62n],
  // JSON.parse makes 2 ** 64 of 18446744073709551615, which is RLIM_INFINITY
  [JSON.parse('18446744073709551615'), 0xffff_ffff_ffff_ffffn],
  [2 ** 63, 0xffff_ffff_ffff_ffffn],
  [Number.POSITIVE_INFINITY, 0xffff_ffff_ffff_ffffn],
])('the limit %s is %s to the kernel', (limit: number, bits) => {
  expect(limitBits(limit)).toBe(bits);
});
