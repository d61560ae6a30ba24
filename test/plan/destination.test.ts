import { expect, test } from 'vitest';
import { cleanDestination } from '../../src/plan/destination.ts';

test.each([
  ['/', '/'],
  ['', '/'],
  ['/a/b', '/a/b'],
  ['a', '/a'],
  ['/a//b/', '/a/b'],
  ['/a/./b/../c', '/a/c'],
  // above the root there is nothing
  ['/../../etc', '/etc'],
  ['..', '/'],
  ['/a/..b/...', '/a/..b/...'],
])('%j is %s', (destination, clean) => {
  expect(cleanDestination(destination)).toBe(clean);
});
