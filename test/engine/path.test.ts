/**
 * The executable's node:path answers as Node's does.
 */
import * as node from 'node:path';
import { expect, test } from 'vitest';
import * as ours from '../../src/engine/path.ts';

const paths = [
  '',
  '.',
  '..',
  '/',
  '//',
  '/..',
  'a',
  'a/',
  './a',
  '../a',
  '/a',
  '/a/',
  '/a//b',
  'a/../..',
  '/a/../../b',
  'a/./b/../c/',
  '../../x/..',
  '/a/b/..',
  './',
  '.../a',
  'a//',
  '//a',
];

test.each(paths)('dirname and basename of %j', (path) => {
  expect(ours.dirname(path)).toBe(node.dirname(path));
  expect(ours.basename(path)).toBe(node.basename(path));
  expect(ours.resolve(path)).toBe(node.resolve(path));
  expect(ours.join(path)).toBe(node.join(path));
});

test('two of them together', () => {
  for (const first of paths)
    for (const second of paths) {
      expect([first, second, ours.join(first, second)]).toEqual([
        first,
        second,
        node.join(first, second),
      ]);
      expect([first, second, ours.resolve(first, second)]).toEqual([
        first,
        second,
        node.resolve(first, second),
      ]);
    }
});
