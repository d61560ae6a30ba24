import { expect, test } from 'vitest';
import {
  capabilityBits,
  ungrantedCapabilities,
  unraisableAmbient,
} from '../../src/plan/capability.ts';

/** Numbers from include/uapi/linux/capability.h. */
test.each([
  ['CAP_CHOWN', 0n],
  ['CAP_SETGID', 6n],
  ['CAP_NET_ADMIN', 12n],
  ['CAP_SYS_ADMIN', 21n],
  ['CAP_MKNOD', 27n],
  ['CAP_SETFCAP', 31n],
  ['CAP_AUDIT_READ', 37n],
  ['CAP_CHECKPOINT_RESTORE', 40n],
])('%s is bit %s', (name, bit) => {
  expect(capabilityBits([name])).toBe(1n << bit);
});

test('a set is the sum of its names, each counted once', () => {
  expect(capabilityBits(['CAP_KILL', 'CAP_CHOWN', 'CAP_KILL'])).toBe(0b100001n);
  expect(capabilityBits([])).toBe(0n);
  expect(capabilityBits(undefined)).toBe(0n);
});

test('unknown names count for nothing, and are told of once', () => {
  expect(capabilityBits(['CAP_FLY', 'cap_kill', 'CAP_KILL'])).toBe(1n << 5n);
  expect(ungrantedCapabilities(['CAP_FLY', 'CAP_KILL', 'CAP_FLY'], ~0n)).toEqual(['CAP_FLY']);
});

test('a capability outside of the bounding set cannot be granted', () => {
  const killOnly = 1n << 5n;
  expect(ungrantedCapabilities(['CAP_KILL', 'CAP_CHOWN'], killOnly)).toEqual(['CAP_CHOWN']);
});

test('only what is permitted and inheritable can be ambient', () => {
  const all = ['CAP_KILL', 'CAP_CHOWN'];
  expect(unraisableAmbient({ permitted: all, inheritable: ['CAP_KILL'], ambient: all })).toEqual([
    'CAP_CHOWN',
  ]);
  expect(unraisableAmbient({ inheritable: all, ambient: ['CAP_KILL'] })).toEqual(['CAP_KILL']);
  expect(unraisableAmbient({ permitted: all, inheritable: all, ambient: all })).toEqual([]);
  expect(unraisableAmbient({})).toEqual([]);
  // a name that does not exist is told of elsewhere
  expect(unraisableAmbient({ permitted: all, inheritable: all, ambient: ['CAP_FLY'] })).toEqual([]);
});
