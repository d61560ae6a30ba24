import { expect, test } from 'vitest';
import type { IntelRdt } from '../../../src/bundle/config.ts';
import { foldersOf, placeInResctrl, schemataLines } from '../../../src/intel-rdt/plan/placement.ts';

test('lines stand in the order of the specification, empty ones left out', () => {
  const lines = schemataLines({
    schemata: ['L2:0=f', ''],
    memBwSchema: 'MB:0=20',
    l3CacheSchema: 'L3:0=f',
  });
  expect(lines).toEqual(['L3:0=f', 'MB:0=20', 'L2:0=f']);
  expect(schemataLines({})).toEqual([]);
});

const place = (wanted: IntelRdt, exists: boolean) => placeInResctrl(wanted, 'c1', '/r', exists);
const schemata = ['L3:0=f'];

test.each([
  [{}, false, { group: '/r/c1', groupEnds: 'with-container' }],
  [{ closID: '' }, false, { group: '/r/c1', groupEnds: 'with-container' }],
  // somebody else's, though it has our name
  [{}, true, { group: '/r/c1', groupEnds: 'never' }],
  [{ closID: 'gold' }, true, { group: '/r/gold', groupEnds: 'never' }],
  [{ closID: 'gold' }, false, undefined],
  [{ closID: 'gold', enableMonitoring: true }, false, undefined],
  [{ closID: 'gold', schemata }, false, { group: '/r/gold', groupEnds: 'unless-made' }],
  [{ closID: '/' }, true, { group: '/r', groupEnds: 'never' }],
  [
    { closID: 'gold', enableMonitoring: true },
    true,
    { group: '/r/gold', monitoring: '/r/gold/mon_groups/c1', groupEnds: 'never' },
  ],
])('%j, there: %j', (wanted, exists, expected) => {
  expect(place(wanted, exists)).toEqual(expected);
});

test('a process goes into every group', () => {
  expect(foldersOf({ group: '/a', groupEnds: 'never' })).toEqual(['/a']);
  expect(foldersOf({ group: '/a', monitoring: '/a/b', groupEnds: 'never' })).toEqual([
    '/a',
    '/a/b',
  ]);
});
