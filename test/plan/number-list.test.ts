import { expect, test } from 'vitest';
import { maskWords } from '../../src/plan/number-list.ts';

test.each([
  ['', []],
  ['0', [1]],
  ['0-3,7', [0b1000_1111]],
  ['31', [0x8000_0000]],
  [' 1 , 33', [2, 2]],
  ['30-34', [0xc000_0000, 7]],
])('%j is %j', (list, words) => {
  expect(maskWords(list)).toEqual(words);
});
