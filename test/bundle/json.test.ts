import { expect, test } from 'vitest';
import { isRuntError } from '../../src/base/errors.ts';
import { parseJson } from '../../src/bundle/json.ts';

function factsOf(text: string): unknown {
  try {
    parseJson(text, '/b/config.json');
  } catch (error) {
    if (isRuntError(error, 'json-syntax')) return error.facts;
    throw error;
  }
  return undefined;
}

test('reads JSON', () => {
  expect(parseJson('{"a":[1,"b",true]}', '')).toEqual({ a: [1, 'b', true] });
});

test('a property that is null is absent; an element of a list stays', () => {
  expect(parseJson('{"a":null,"b":{"c":null,"d":[null,{"e":null}]}}', '')).toEqual({
    b: { d: [null, {}] },
  });
});

test('a document of any depth is read', () => {
  const deep = `${'['.repeat(2000)}null${']'.repeat(2000)}`;
  expect(parseJson(deep, '')).toHaveLength(1);
});

test.each([
  ['', 1, 1],
  ['{\n  "a": 1,\n}', 3, 1],
  ['{\r\n\t"a" 1}', 2, 6],
  ['[1,\n2', 2, 2],
])('names line and column of %j', (text, line, column) => {
  expect(factsOf(text)).toMatchObject({ path: '/b/config.json', line, column });
});
