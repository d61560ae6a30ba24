import { expect, test } from 'vitest';
import type { Seccomp } from '../../src/bundle/config.ts';
import { filterFlags } from '../../src/seccomp/flags.ts';

type Flags = NonNullable<Seccomp['flags']>;
const tsync: Flags = ['SECCOMP_FILTER_FLAG_TSYNC'];
const log: Flags = ['SECCOMP_FILTER_FLAG_LOG'];
const speculation: Flags = ['SECCOMP_FILTER_FLAG_SPEC_ALLOW'];
const waiting: Flags = ['SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV'];
const notify: Seccomp['syscalls'] = [{ names: ['mkdir'], action: 'SCMP_ACT_NOTIFY' }];

test.each([
  ['no word about flags', {}, 4],
  ['an empty list', { flags: [] }, 0],
  ['TSYNC', { flags: tsync }, 0],
  ['LOG', { flags: log }, 2],
  ['SPEC_ALLOW', { flags: speculation }, 4],
  ['all but waiting', { flags: [...tsync, ...log, ...speculation] }, 6],
  ['waiting, with nobody to wait for', { flags: waiting }, 0],
  ['waiting for an agent', { flags: waiting, syscalls: notify }, 40],
  ['an agent', { flags: [], syscalls: notify }, 8],
  ['an agent, no word about flags', { syscalls: notify }, 12],
])('%s', (_what, part, expected) => {
  expect(filterFlags(part)).toBe(expected);
});
