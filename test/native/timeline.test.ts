/** Stamps: what runt-init notes in the memory that it was handed, and what it refuses. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { encodePlan } from '../../src/plan/encode.ts';
import { type Op, opTable } from '../../src/plan/generated/ops.ts';
import { interpret, useSanitized, messageKind } from '../support/native.ts';

let memory = '';
useSanitized();
beforeEach(() => {
  memory = join(mkdtempSync(join(tmpdir(), 'runt-timeline-')), 'memory');
  writeFileSync(memory, Buffer.alloc(24));
});
afterEach(() => rmSync(join(memory, '..'), { recursive: true }));

const timeline: Op = { kind: 'timeline', memory: 0 };
const stamp: Op = { kind: 'stamp' };

const run = (ops: readonly Op[], slotMode: 'r' | 'r+' = 'r+', slots = [memory]) =>
  interpret(
    encodePlan(
      ops.map((op) => ({ op, origin: '', doing: '', tolerate: [], warn: false, explain: {} })),
    ),
    { slots, slotMode },
  );

const failing = (step: number, kind: Op['kind'], errno: number) => ({
  status: 125,
  messages: [{ kind: messageKind.failed, step, op: opTable[kind].number, value: errno }],
});

const stamps = (): bigint[] => [...new BigUint64Array(new Uint8Array(readFileSync(memory)).buffer)];

test('each stamp is a later time of the clock that all use, and a fork goes on with them', async () => {
  const before = process.hrtime.bigint();
  const { status } = await run([timeline, { kind: 'umask', mask: 0 }, stamp, stamp]);
  const after = process.hrtime.bigint();
  expect(status).toBe(0);
  const [first = 0n, second = 0n, third = 0n] = stamps();
  expect(first).toBeGreaterThan(before);
  expect(second).toBeGreaterThan(first);
  expect(third).toBeGreaterThan(second);
  expect(third).toBeLessThan(after);
});

test('there is no place for more than the memory has', async () => {
  expect(await run([timeline, stamp, stamp, stamp])).toMatchObject(failing(3, 'stamp', 28));
});

test('the slot is empty afterwards: nothing that comes later can have it', async () => {
  const device: Op = { kind: 'verifyDevice', device: 0, major: 1, minor: 3 };
  expect(await run([timeline, device])).toMatchObject(failing(1, 'verifyDevice', 9));
});

test('refuses a stamp without memory, and memory that is none', async () => {
  expect(await run([stamp])).toMatchObject(failing(0, 'stamp', 28));
  expect(await run([timeline], 'r')).toMatchObject(failing(0, 'timeline', 13));
  expect(await run([timeline], 'r+', [])).toMatchObject(failing(0, 'timeline', 9));
  writeFileSync(memory, '');
  expect(await run([timeline])).toMatchObject(failing(0, 'timeline', 22));
  writeFileSync(memory, Buffer.alloc(65_536 * 8 + 1));
  expect(await run([timeline])).toMatchObject(failing(0, 'timeline', 22));
  expect(await run([timeline], 'r+', ['/dev/null'])).toMatchObject(failing(0, 'timeline', 22));
});
