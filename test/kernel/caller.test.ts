/**
 * The engine's record of the caller, made by hand here as native/engine/caller.c lays it out.
 */
import { closeSync, openSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Caller, readCaller } from '../../src/kernel/caller.ts';

const headSize = 48;

interface Parts {
  readonly magic?: number;
  readonly soft?: bigint;
  readonly name?: string;
  readonly env?: readonly string[];
  readonly open?: readonly number[];
  readonly started?: bigint;
}

function recordOf({
  magic = 0x4c4c4143,
  soft = 1024n,
  name = 'runt',
  env = [],
  open = [],
  started = 0n,
}: Parts): Buffer {
  const names = Buffer.from(`${name}\0`);
  const entries = Buffer.from(env.map((entry) => `${entry}\0`).join(''));
  const head = Buffer.alloc(headSize + 128);
  head.writeUInt32LE(magic, 0);
  head.writeUInt32LE(0o27, 4);
  head.writeBigUInt64LE(1n << 63n, 8);
  head.writeBigUInt64LE(soft, 16);
  head.writeBigUInt64LE(0xffff_ffff_ffff_ffffn, 24);
  head.writeUInt32LE(names.length, 32);
  head.writeUInt32LE(entries.length, 36);
  head.writeBigUInt64LE(started, 40);
  for (const number of open) {
    const at = headSize + (number >> 3);
    head.writeUInt8(head.readUInt8(at) | (1 << (number & 7)), at);
  }
  return Buffer.concat([head, names, entries]);
}

const read = (record: Buffer): Caller =>
  readCaller({ ENGINE: '1' }, Uint8Array.from(record).buffer);

test('traits, name and environment are those of the record', () => {
  const env = ['A=b', 'EMPTY=', 'TWO==', 'ä=ö', 'no-value'];
  const caller = read(recordOf({ name: '/usr/bin/runt', env }));
  expect(caller).toMatchObject({
    invokedAs: '/usr/bin/runt',
    env: { A: 'b', EMPTY: '', TWO: '=', ä: 'ö' },
    traits: {
      umask: 0o27,
      blocked: 1n << 63n,
      nofile: { soft: 1024, hard: Number.POSITIVE_INFINITY },
    },
  });
  expect(Object.keys(caller.env)).not.toContain('ENGINE');
});

test('descriptors are those that were open before the engine', () => {
  const caller = read(recordOf({ open: [0, 1, 2, 7, 8, 1023] }));
  const given = [0, 1, 2, 3, 6, 7, 8, 9, 1022, 1023, 1024].filter(caller.gave);
  expect(given).toEqual([0, 1, 2, 7, 8, 1023]);
});

test.each([
  ['has another magic', recordOf({ magic: 7 })],
  ['is too short', recordOf({}).subarray(0, headSize + 127)],
  ['is empty', Buffer.alloc(0)],
])('a record that %s counts as none', (_what, record) => {
  const caller = read(record);
  expect(caller.invokedAs).toBe('runt');
  expect(caller.env).toMatchObject({ ENGINE: '1' });
});

test('without a record the environment is known, and limits are modest', () => {
  const caller = readCaller({ A: 'b', GONE: undefined });
  expect(caller).toMatchObject({ env: { A: 'b' }, traits: { blocked: 0n } });
  expect(Object.keys(caller.env)).toEqual(['A']);
  expect(caller.traits.nofile.soft).toBeLessThanOrEqual(1024);
  expect(caller.traits.umask).toBe(process.umask());
  const descriptor = openSync('/dev/null', 'r');
  expect(caller.gave(descriptor)).toBe(true);
  closeSync(descriptor);
  expect(caller.gave(descriptor)).toBe(false);
});
