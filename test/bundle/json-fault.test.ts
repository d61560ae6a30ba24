import { expect, test } from 'vitest';
import { findJsonFault } from '../../src/bundle/json-fault.ts';

test.each([
  ['', 0, 'the text ends where a value belongs'],
  ['  ', 2, 'the text ends where a value belongs'],
  ['{', 1, 'the text ends where a property name in double quotes or } belongs'],
  ['{"a"', 4, 'the text ends where a colon belongs'],
  ['{"a":1', 6, 'the text ends where a comma or the closing bracket belongs'],
  ['{"a":1,}', 7, '"}" where a property name in double quotes belongs'],
  ['{"a":1 "b":2}', 7, '"\\"" where a comma or the closing bracket belongs'],
  ['{a:1}', 1, '"a" where a property name in double quotes or } belongs'],
  ["{'a':1}", 1, '"\'" where a property name in double quotes or } belongs'],
  ['[1,]', 3, '"]" where a value belongs'],
  ['[1}', 2, '"}" where a comma or the closing bracket belongs'],
  ['[01]', 2, '"1" where a comma or the closing bracket belongs'],
  ['[-]', 1, '"-" where a value or ] belongs'],
  ['[1.]', 2, '"." where a comma or the closing bracket belongs'],
  ['nul', 0, '"n" where a value belongs'],
  ['{} {}', 3, '"{" where the end of the document belongs'],
  ['// a', 0, '"/" where a value belongs'],
  ['\ufeff{}', 0, '"\ufeff" where a value belongs'],
  ['["a', 3, 'the text ends inside a string'],
  ['["a\\u00', 7, 'the text ends inside a string'],
  ['["a\nb"]', 3, 'a control character inside a string'],
  ['["a\\x"]', 3, 'an escape that JSON does not know'],
  ['["\\u12g4"]', 2, 'an escape that JSON does not know'],
])('%j', (text, offset, reason) => {
  expect(() => JSON.parse(text)).toThrow();
  expect(findJsonFault(text)).toEqual({ offset, reason });
});

test('a deep document does not exhaust the stack', () => {
  const depth = 300_000;
  expect(findJsonFault('['.repeat(depth)).offset).toBe(depth);
});

test('every cut of a sound document is found at its end', () => {
  const text = '{"a":[1.5e3,-0,true,null,{"b":"\\u00e9\\n\ud83d\ude00"}],"c":{},"d":[]}';
  for (let end = 0; end < text.length; end++) {
    const { offset } = findJsonFault(text.slice(0, end));
    // a word that is cut short is blamed at its start
    expect(end - offset).toBeLessThanOrEqual(3);
  }
});
