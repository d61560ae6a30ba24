import { expect, test } from 'vitest';
import type { IntelRdt } from '../../../src/bundle/config.ts';
import { schemataMismatch } from '../../../src/intel-rdt/plan/schemata.ts';

/** As the kernel shows it: padded, and each resource in a line. */
const present = '    MB:0= 30;1=100\n    L3:0=000ff;1=00c0\n';

test.each<[IntelRdt]>([
  [{}],
  [{ l3CacheSchema: 'L3:0=ff;1=c0' }],
  [{ l3CacheSchema: 'L3:1=0xc0'.replace('0x', '0') }],
  [{ l3CacheSchema: 'L3:1=C0;00=ff' }],
  [{ memBwSchema: 'MB:0=30' }],
  // rounded up to what the hardware can do
  [{ memBwSchema: 'MB:0=21;1=95' }],
  // only these two are compared
  [{ schemata: ['L3:0=1'] }],
])('%j is what is there', (wanted) => {
  expect(schemataMismatch(wanted, present, 10)).toBeUndefined();
});

test.each<[IntelRdt, string]>([
  [{ l3CacheSchema: 'L3:0=f' }, 'L3:0=f'],
  [{ l3CacheSchema: 'L3:0=ff;2=1' }, 'L3:0=ff;2=1'],
  [{ l3CacheSchema: 'L3CODE:0=ff' }, 'L3CODE:0=ff'],
  [{ l3CacheSchema: 'L3:0=ff', memBwSchema: 'MB:0=20' }, 'MB:0=20'],
  [{ memBwSchema: 'MB:0=31' }, 'MB:0=31'],
])('%j is not', (wanted, line) => {
  expect(schemataMismatch(wanted, present, 10)).toBe(line);
});

test('without a granularity a bandwidth is compared as it is', () => {
  expect(schemataMismatch({ memBwSchema: 'MB:0=29' }, present, 0)).toBe('MB:0=29');
});
