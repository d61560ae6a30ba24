import { expect, test } from 'vitest';
import { isBindMount, isDataOption } from '../../src/bundle/mount-options.ts';

test.each(['', 'ro', 'rbind', 'rro', 'iversion', 'tmpcopyup', 'idmap'])(
  '%j is no data',
  (option) => {
    expect(isDataOption(option)).toBe(false);
  },
);

test.each(['size=1k', 'mode=755', 'newinstance', 'RO'])('%j is data', (option) => {
  expect(isDataOption(option)).toBe(true);
});

test('only an option makes a bind mount', () => {
  expect(isBindMount({ destination: '/a', type: 'bind' })).toBe(false);
  expect(isBindMount({ destination: '/a', options: ['ro', 'rbind'] })).toBe(true);
});
