import { expect, test } from 'vitest';
import { below, finding, namesOf } from '../../src/bundle/finding.ts';

test('pointers escape and unescape', () => {
  const pointer = below('/a', 'b/c', '~1', 0, '');
  expect(pointer).toBe('/a/b~1c/~01/0/');
  expect(namesOf(pointer)).toEqual(['a', 'b/c', '~1', '0', '']);
  expect(namesOf('')).toEqual([]);
});

test.each([
  [undefined, 'nothing'],
  ['a"b', '"a\\"b"'],
  [[1, 2], '[1,2]'],
  ['a'.repeat(100), `"${'a'.repeat(58)}…`],
])('%j is shown as %s', (value, found) => {
  const rest = { code: 'a', pointer: '', allowed: 'b', section: 'c' };
  expect(finding({ ...rest, value })).toEqual({ ...rest, found });
});
