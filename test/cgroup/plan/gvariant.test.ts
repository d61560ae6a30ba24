import { describe, expect, test } from 'vitest';
import { parseVariant } from '../../../src/cgroup/plan/gvariant.ts';

describe('parseVariant', () => {
  test.each([
    // numbers
    ['5', 'i', 5],
    ['-1', 'i', -1],
    ['+7', 'i', 7],
    ['0x1F', 'i', 31],
    ['017', 'i', 15],
    ['byte 0xff', 'y', 255],
    ['int16 -32768', 'n', -32_768],
    ['uint16 65535', 'q', 65_535],
    ['int32 1', 'i', 1],
    ['uint32 4294967295', 'u', 4_294_967_295],
    ['int64 -9223372036854775808', 'x', -9_223_372_036_854_775_808n],
    ['uint64 18446744073709551615', 't', 18_446_744_073_709_551_615n],
    ['@t 5', 't', 5n],
    ['1.5', 'd', 1.5],
    ['-.5e1', 'd', -5],
    ['1e3', 'd', 1000],
    ['double 5', 'd', 5],
    ['inf', 'd', Number.POSITIVE_INFINITY],
    // the others
    ['true', 'b', true],
    ['  boolean\tfalse\n', 'b', false],
    ["'text'", 's', 'text'],
    ['"it\'s"', 's', "it's"],
    [`'it\\'s \\\\ \\n \\u00e4 \\U0001f600'`, 's', "it's \\ \n ä 😀"],
    ["string ''", 's', ''],
    ["'äß'", 's', 'äß'],
    // containers
    ['["a","b"]', 'as', ['a', 'b']],
    ["['a', 'b',]", 'as', ['a', 'b']],
    ['@as []', 'as', []],
    ['[1, 2]', 'ai', [1, 2]],
    ['[1, 2.5]', 'ad', [1, 2.5]],
    ['[uint32 7, 8]', 'au', [7, 8]],
    ['[1, int64 2]', 'ax', [1n, 2n]],
    ['@at [1]', 'at', [1n]],
    ['[byte 0x01, 2]', 'ay', [1, 2]],
    ['[@as [], ["x"]]', 'aas', [[], ['x']]],
    ['[[], ["x"]]', 'aas', [[], ['x']]],
    ["('/dev/null', 'rwm')", '(ss)', ['/dev/null', 'rwm']],
    [
      "[('/dev/sda', uint64 5), ('/dev/sdb', 6)]",
      'a(st)',
      [
        ['/dev/sda', 5n],
        ['/dev/sdb', 6n],
      ],
    ],
    ['@a(st) []', 'a(st)', []],
    ["(true, ['x'])", '(bas)', [true, ['x']]],
    ['(1,)', '(i)', [1]],
    ['(1, (2, @a(ss) []))', '(i(ia(ss)))', [1, [2, []]]],
  ] as const)('%s', (text, signature, value) => {
    expect(parseVariant(text)).toEqual({ signature, value });
  });

  test.each([
    ['', "a value in GVariant's text format, not the end"],
    ['handle 5', `a value in GVariant's text format, not "handle 5"`],
    ['invalid-value', `a value in GVariant's text format, not "invalid-value"`],
    ['5 6', 'nothing after the value, not "6"'],
    ["'open", 'a string with a quote at its end'],
    ['[1', 'a comma or ], not the end'],
    ['[1 2]', 'a comma or ], not "2]"'],
    ['[', "a value in GVariant's text format, not the end"],
    ['[]', 'a type before an empty array, such as @as []'],
    ['()', 'a structure that is not empty'],
    ["[1, 'a']", 'values of one type, not i and s'],
    ['[(1, 2), (3,)]', 'values of one type, not (ii) and (i)'],
    ['uint32 true', 'values of one type, not b and u'],
    ['@as 5', 'values of one type, not i and as'],
    ['int32 1.5', 'values of one type, not d and i'],
    ['byte 256', 'a number from 0 to 255, not 256'],
    ['uint64 -1', 'a number from 0 to 18446744073709551615, not -1'],
    ['4294967296', 'a number from -2147483648 to 2147483647, not 4294967296'],
    ['089', 'an octal number, not 089'],
    ['@v 5', 'a type after @, not "v"'],
    ['@a{sv} []', 'a type after @, not "a"'],
    ['@() ()', 'a type after @, not "()"'],
    ['@ii 5', 'a type after @, not "ii"'],
    ['@a(s [x]', 'a type after @, not "a(s"'],
    ["{'a': 1}", `a value in GVariant's text format, not "{'a': 1}"`],
    ['<5>', `a value in GVariant's text format, not "<5>"`],
    ["'\\u0000'", 'a string of characters other than NUL'],
    ["'\0'", 'a string of characters other than NUL'],
    ["'\\ud800'", 'a string of characters other than NUL'],
    ['['.repeat(100_000), 'at most 32 values inside of one another'],
    [`@${'a'.repeat(100_000)}s []`, `a type after @, not "${'a'.repeat(20)}"`],
  ] as const)('refuses %s', (text, expected) => {
    expect(parseVariant(text)).toBe(expected);
  });
});
