import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createKernel } from '../../src/kernel/kernel.ts';
import { makeWatch } from '../../src/kernel/watch.ts';
import { parseOutline, recordText } from '../../src/state/record.ts';
import { checkId, openStore, type Store } from '../../src/state/store.ts';
import { fullRecord } from '../support/records.ts';

const kernel = createKernel(makeWatch());
let folder = '';
let store: Store;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runt-store-'));
  store = openStore(join(folder, 'a/root'), kernel);
});
afterEach(() => rmSync(folder, { recursive: true }));

test.each(['a', '0', 'A_b+c-d.e', '...', '-', 'x'.repeat(255)])('%s is an id', (id) => {
  expect(() => checkId(id)).not.toThrow();
});

test.each(['', '.', '..', 'a/b', '../a', 'a b', 'a\n', 'ä', 'a:b', 'x'.repeat(256)])(
  '%j is no id, for any method',
  async (id) => {
    const refusal = expect.objectContaining({ code: 'id-invalid', facts: { id } });
    expect(() => store.has(id)).toThrow(refusal);
    expect(() => store.read(id)).toThrow(refusal);
    await expect(store.add(id)).rejects.toEqual(refusal);
    await expect(store.hold(id)).rejects.toEqual(refusal);
    expect(existsSync(store.root)).toBe(false);
  },
);

test('a container that is added is there, for root alone, and held', async () => {
  const held = await store.add('c1');
  expect(held).toMatchObject({ id: 'c1', path: join(store.root, 'c1') });
  expect(statSync(held.path).mode & 0o777).toBe(0o700);
  expect([store.has('c1'), store.has('c2'), store.isHeld('c1')]).toEqual([true, false, true]);
  held.release();
  expect(store.isHeld('c1')).toBe(false);
});

test('an id is given once', async () => {
  const held = await store.add('c1');
  await expect(store.add('c1')).rejects.toMatchObject({ code: 'id-in-use', facts: { id: 'c1' } });
  held.release();
});

test('what is not there is missing', async () => {
  const missing = expect.objectContaining({ code: 'container-missing', facts: { id: 'c1' } });
  await expect(store.hold('c1')).rejects.toEqual(missing);
  expect(() => store.read('c1')).toThrow(missing);
  expect(() => store.isHeld('c1')).toThrow(missing);
});

test('the second holder waits for the first', async () => {
  const first = await store.add('c1');
  const order: string[] = [];
  const second = store.hold('c1').then((held) => {
    order.push('second');
    return held;
  });
  await new Promise((resolve) => {
    setTimeout(resolve, 50);
  });
  order.push('first');
  first.release();
  (await second).release();
  expect(order).toEqual(['first', 'second']);
});

test('who waited for a container that was deleted finds it missing', async () => {
  const first = await store.add('c1');
  const second = store.hold('c1');
  store.remove(first);
  first.release();
  await expect(second).rejects.toMatchObject({ code: 'container-missing' });
});

test('who waited for a container that was made anew holds the new one', async () => {
  const first = await store.add('c1');
  const second = store.hold('c1');
  store.remove(first);
  const anew = await store.add('c1');
  anew.release();
  first.release();
  const held = await second;
  expect(statSync(held.path).ino).toBe(statSync(`/proc/self/fd/${held.folder}`).ino);
  held.release();
});

test('a record is read as it was written, and written anew as a whole', async () => {
  const held = await store.add('c1');
  expect(store.read('c1')).toBeUndefined();
  expect(store.readOutline('c1')).toBeUndefined();
  store.write(held, { ...fullRecord, phase: 'creating' });
  store.write(held, fullRecord);
  expect(store.read('c1')).toEqual(fullRecord);
  expect(store.readOutline('c1')).toEqual(parseOutline(recordText(fullRecord), ''));
  expect(readdirSync(held.path)).toEqual(['state.json']);
  expect(statSync(join(held.path, 'state.json')).mode & 0o777).toBe(0o600);
  held.release();
});

test('a record that was cut short is damaged', async () => {
  const held = await store.add('c1');
  writeFileSync(join(held.path, 'state.json'), recordText(fullRecord).slice(0, 100));
  expect(() => store.read('c1')).toThrow(expect.objectContaining({ code: 'record-damaged' }));
  held.release();
});

test('the config is kept as text', async () => {
  const held = await store.add('c1');
  store.writeConfig(held, '{ "ä": 1 }\n');
  expect(store.readConfig('c1')).toBe('{ "ä": 1 }\n');
  expect(() => store.readConfig('c2')).toThrow(
    expect.objectContaining({
      code: 'system-call',
      facts: expect.objectContaining({ errno: 'ENOENT' }),
    }),
  );
  held.release();
});

test('the start socket is there until it is removed, which may happen twice', async () => {
  const held = await store.add('c1');
  expect(store.hasStartSocket('c1')).toBe(false);
  const socket = kernel.listen(held.folder, 'start.sock');
  expect(store.hasStartSocket('c1')).toBe(true);
  store.removeStartSocket(held);
  store.removeStartSocket(held);
  expect(store.hasStartSocket('c1')).toBe(false);
  kernel.close(socket);
  held.release();
});

test('remove takes the folder and its files, and what is gone is no failure', async () => {
  const held = await store.add('c1');
  store.write(held, fullRecord);
  store.writeConfig(held, '{}');
  store.remove(held);
  store.remove(held);
  expect(existsSync(held.path)).toBe(false);
  held.release();
});

test('remove does not go into folders that are not its own', async () => {
  const held = await store.add('c1');
  mkdirSync(join(held.path, 'other'));
  expect(() => store.remove(held)).toThrow(expect.objectContaining({ code: 'system-call' }));
  expect(existsSync(join(held.path, 'other'))).toBe(true);
  held.release();
});

test('ids are in order, and are of folders with such a name', async () => {
  for (const id of ['b', 'a', 'c1']) (await store.add(id)).release();
  writeFileSync(join(store.root, 'file'), '');
  mkdirSync(join(store.root, 'not an id'));
  expect(store.ids()).toEqual(['a', 'b', 'c1']);
});

test('without a root there are no ids to speak of', () => {
  expect(() => store.ids()).toThrow(
    expect.objectContaining({
      code: 'system-call',
      facts: expect.objectContaining({ errno: 'ENOENT' }),
    }),
  );
});

test('limits are those of the config until others are kept, and go with the container', async () => {
  const held = await store.add('c1');
  expect(store.readResources('c1')).toBeUndefined();
  expect(store.readResources('c2')).toBeUndefined();
  for (const limit of [1, 2 ** 53 - 1]) {
    const resources = { memory: { limit }, unified: { 'memory.high': 'ä' } };
    store.writeResources(held, resources);
    expect(store.readResources('c1')).toEqual(resources);
  }
  expect(statSync(join(held.path, 'resources.json')).mode & 0o777).toBe(0o600);
  expect(readdirSync(held.path)).toEqual(['resources.json']);
  store.remove(held);
  held.release();
  expect(store.has('c1')).toBe(false);
});

test('limits that are not JSON are said to be damaged', async () => {
  const held = await store.add('c1');
  const path = join(held.path, 'resources.json');
  writeFileSync(path, '{"memory":');
  expect(() => store.readResources('c1')).toThrow(
    expect.objectContaining({ code: 'record-damaged', facts: { path, reason: 'it is not JSON' } }),
  );
  held.release();
});
