import { expect, test } from 'vitest';
import type { Seccomp } from '../../src/bundle/config.ts';
import { filterFlags } from '../../src/seccomp/flags.ts';

const flag = (...names: string[]) =>
  names.map((name) => `SECCOMP_FILTER_FLAG_${name}`) as NonNullable<Seccomp['flags']>;
const notify: Seccomp['syscalls'] = [{ names: ['mkdir'], action: 'SCMP_ACT_NOTIFY' }];

test.each([
  ['no word about flags', {}, 4],
  ['an empty list', { flags: [] }, 0],
  ['TSYNC', { flags: flag('TSYNC') }, 0],
  ['LOG', { flags: flag('LOG') }, 2],
  ['SPEC_ALLOW', { flags: flag('SPEC_ALLOW') }, 4],
  ['all but waiting', { flags: flag('TSYNC', 'LOG', 'SPEC_ALLOW') }, 6],
  ['waiting, with nobody to wait for', { flags: flag('WAIT_KILLABLE_RECV') }, 0],
  ['waiting for an agent', { flags: flag('WAIT_KILLABLE_RECV'), syscalls: notify }, 40],
  ['an agent', { flags: [], syscalls: notify }, 8],
  ['an agent, no word about flags', { syscalls: notify }, 12],
])('%s', (_what, part, expected) => {
  expect(filterFlags(part)).toBe(expected);
});
