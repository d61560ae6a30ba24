import { describe, expect, test } from 'vitest';
import { bytes, duration, integer } from '../../src/cli/amounts.ts';

const refusal = (text: string, option: string) =>
  expect.objectContaining({
    code: 'usage',
    facts: {
      text: expect.stringContaining(`invalid value ${JSON.stringify(text)} for --${option}: `),
    },
  });

describe('bytes', () => {
  test.each([
    ['0', 0],
    ['512', 512],
    ['512b', 512],
    ['1k', 1024],
    ['1K', 1024],
    ['1kb', 1024],
    ['64KiB', 65_536],
    ['512m', 536_870_912],
    ['1.5GB', 1_610_612_736],
    ['2 g', 2_147_483_648],
    ['1t', 2 ** 40],
    ['1p', 2 ** 50],
    ['0.3k', 307],
    ['-1', -1],
  ])('%j is %d', (text, number) => {
    expect(bytes(text, 'memory')).toBe(number);
  });

  test.each(['', '-2', '-1k', 'k', '1x', '1e3', '0x10', '1,5m', ' 1', '1  k', '.5m', '1kk', 'max'])(
    '%j is none',
    (text) => {
      expect(() => bytes(text, 'memory')).toThrow(refusal(text, 'memory'));
    },
  );
});

describe('whole numbers', () => {
  test.each([
    ['0', 0],
    ['-1', -1],
    ['+7', 7],
    ['9007199254740991', 2 ** 53 - 1],
  ])('%j is %d', (text, number) => {
    expect(integer(text, 'pids-limit')).toBe(number);
  });

  test.each(['', '1.5', '1k', '9007199254740992', '99999999999999999999', '0x1', ' 1', '--1'])(
    '%j is none',
    (text) => {
      expect(() => integer(text, 'pids-limit')).toThrow(refusal(text, 'pids-limit'));
    },
  );
});

describe('lengths of time', () => {
  test.each([
    ['5s', 5000],
    ['1m30s', 90_000],
    ['100ms', 100],
    ['1.5s', 1500],
    ['.5h', 1_800_000],
    ['1.s', 1000],
    ['500us', 0.5],
    ['500µs', 0.5],
    ['1ns', 1e-6],
    ['0s', 0],
  ])('%j is %d ms', (text, milliseconds) => {
    expect(duration(text, 'interval')).toBeCloseTo(milliseconds, 9);
  });

  test.each(['', '5', '-5s', '5 s', 's', '5d', '1m30', 'x5s'])('%j is none', (text) => {
    expect(() => duration(text, 'interval')).toThrow(refusal(text, 'interval'));
  });
});
