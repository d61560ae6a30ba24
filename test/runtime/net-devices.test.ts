import { expect, test } from 'vitest';
import type { NetworkDoor } from '../../src/kernel/interfaces.ts';
import { interfaceMover } from '../../src/runtime/net-devices.ts';
import { failureOf } from '../support/failure.ts';

const action = {
  kind: 'moveInterface',
  from: 'eth0',
  to: 'net0',
  origin: 'linux.netDevices["eth0"]',
} as const;

/** Of pid 1, whose network namespace a test need not share. */
function mover(inside: Partial<NetworkDoor>, host: Partial<NetworkDoor> = {}) {
  const calls: string[] = [];
  const door = (name: string, own: Partial<NetworkDoor>): NetworkDoor => ({
    find: () => undefined,
    list: () => [],
    add: () => {},
    move: (index, _pid, to) => {
      calls.push(`${name}: ${index} goes as ${to}`);
      return { index: index + 10 };
    },
    setUp: (index) => void calls.push(`${name}: ${index} up`),
    close: () => void calls.push(`${name}: closed`),
    ...own,
  });
  const made = interfaceMover({
    open: (pid) =>
      pid === undefined
        ? door('host', { find: () => ({ index: 3, up: true }), ...host })
        : door('container', inside),
    isOwn: () => false,
  });
  return { made, calls };
}

test('moves, sets up, and gives back', () => {
  const { made, calls } = mover({});
  made.move(action, 7);
  made.giveBack();
  made.giveBack();
  expect(calls).toEqual([
    'host: 3 goes as net0',
    'container: 13 up',
    'container: 13 goes as eth0',
    'host: 23 up',
    'host: closed',
    'container: closed',
  ]);
});

test('what has gone without its name comes back', () => {
  const { made, calls } = mover({}, { move: () => ({ index: 9, errno: 'EEXIST' }) });
  expect(failureOf(() => made.move(action, 7))).toMatchObject({
    code: 'step-failed',
    facts: { origin: 'linux.netDevices["eth0"]', errno: 'EEXIST' },
  });
  made.giveBack();
  expect(calls.slice(0, 2)).toEqual(['container: 9 goes as eth0', 'host: 19 up']);
});

test('what has not gone is left alone', () => {
  const { made, calls } = mover({ find: () => ({ index: 2, up: true }) });
  expect(failureOf(() => made.move(action, 7))).toMatchObject({ facts: { errno: 'EEXIST' } });
  made.giveBack();
  expect(calls).toEqual(['host: closed', 'container: closed']);
});

test('a failure to give one back keeps none of the others', () => {
  const { made, calls } = mover({
    move: (index, _pid, to) => {
      calls.push(to);
      return to === 'eth1' ? { errno: 'EBUSY' } : { index };
    },
  });
  made.move(action, 7);
  made.move({ ...action, from: 'eth1', to: 'net1' }, 7);
  expect(failureOf(made.giveBack)).toMatchObject({
    code: 'system-call',
    facts: { errno: 'EBUSY' },
  });
  expect(calls).toContain('eth0');
});
