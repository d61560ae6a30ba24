/**
 * The bus by itself, with a dbus-daemon of its own behind it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type BusCall, openBus } from '../../src/kernel/sd-bus.ts';
import { refusalOf } from '../support/failure.ts';
import { temporaryFolder } from '../bundle/temporary-folder.ts';

const daemon = 'org.freedesktop.DBus';
const call = (member: string, signature: string, ...values: BusCall['arguments']): BusCall => ({
  destination: daemon,
  path: '/org/freedesktop/DBus',
  interface: daemon,
  member,
  signature,
  arguments: values,
});

const request = (address: string, blocking: boolean) => ({
  address,
  isBus: true,
  blocking,
  keep: { interface: daemon, member: 'NameAcquired' },
  needed: 'this test',
});

const long = 30_000;

/** A program that says that it is ready by its first words. */
async function started(program: string, ...words: readonly string[]) {
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(async () => {
    child.kill();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  });
  const output: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => output.push(text));
  await Promise.race([once(child.stdout, 'data'), died(child)]);
  return { child, said: () => output.join('') };
}

async function died(child: ChildProcess): Promise<never> {
  await once(child, 'exit');
  throw new Error(`${child.spawnfile} ended`);
}

async function messageBus(): Promise<string> {
  const address = `unix:path=${join(temporaryFolder(), 'bus')}`;
  const { said } = await started(
    'dbus-daemon',
    '--session',
    '--nofork',
    `--address=${address}`,
    '--print-address',
  );
  return said().trim();
}

async function connected(address: string, blocking: boolean) {
  const bus = await openBus(request(address, blocking));
  onTestFinished(() => bus.close());
  return bus;
}

const ways = [{ blocking: true }, { blocking: false }];

describe.each(ways)('on a message bus, blocking: $blocking', ({ blocking }) => {
  test('calls are answered', async () => {
    const bus = await connected(await messageBus(), blocking);
    expect(await bus.call(call('RequestName', 'su', 'runt.test', 0), long)).toEqual({
      kind: 'values',
      values: [1],
    });
    expect(await bus.call(call('NameHasOwner', 's', 'runt.test'), long)).toEqual({
      kind: 'values',
      values: [true],
    });
  });

  test('answers may hold anything', async () => {
    const bus = await connected(await messageBus(), blocking);
    const answer = await bus.call(call('GetConnectionCredentials', 's', daemon), long);
    if (answer?.kind !== 'values') throw new Error(JSON.stringify(answer));
    expect(answer.values[0]).toContainEqual(['UnixUserID', ['u', process.getuid?.()]]);
  });

  test('answers find their calls', async () => {
    const bus = await connected(await messageBus(), blocking);
    const ask = (name: string) => bus.call(call('NameHasOwner', 's', name), long);
    expect(await Promise.all([ask(daemon), ask('no.such'), ask(daemon)])).toEqual(
      [true, false, true].map((value) => ({ kind: 'values', values: [value] })),
    );
  });

  test('a refusal is passed on', async () => {
    const bus = await connected(await messageBus(), blocking);
    expect(await bus.call(call('NoSuchMethod', ''), long)).toEqual({
      kind: 'refusal',
      name: 'org.freedesktop.DBus.Error.UnknownMethod',
      message: 'org.freedesktop.DBus does not understand message NoSuchMethod',
    });
  });

  test('a signal is kept until it is asked for, and given once', async () => {
    const bus = await connected(await messageBus(), blocking);
    await bus.call(call('RequestName', 'su', 'runt.one', 0), long);
    await bus.call(call('RequestName', 'su', 'runt.two', 0), long);
    const named = (name: string, patience: number) =>
      bus.signal((values) => values[0] === name, patience);
    expect(await named('runt.two', long)).toEqual(['runt.two']);
    expect(await named('runt.one', long)).toEqual(['runt.one']);
    expect(await named('runt.one', 10)).toBe(undefined);
  });

  test('every type arrives as it was meant', async () => {
    const address = await messageBus();
    const monitor = await started('dbus-monitor', '--address', address, "interface='runt.Test'");
    const bus = await connected(address, blocking);
    await bus.call(
      {
        ...call('Types', 'ybnqiuxtdsaya(sv)(as(b))aat'),
        interface: 'runt.Test',
        arguments: [
          255,
          true,
          -32_768,
          65_535,
          -1,
          4_294_967_295,
          -9_223_372_036_854_775_808n,
          18_446_744_073_709_551_615n,
          0.1,
          'wörd',
          [1, 2],
          [['name', ['as', ['x', 'y']]]],
          [[], [false]],
          [[], [7n]],
        ],
      },
      long,
    );
    while (!/uint64 7\s*\]\s*\]/.test(monitor.said())) await once(monitor.child.stdout, 'data');
    const words = monitor.said().slice(monitor.said().indexOf('member=Types'));
    expect(words.replaceAll(/\s+/g, ' ').trim()).toBe(
      'member=Types byte 255 boolean true int16 -32768 uint16 65535 int32 -1 uint32 4294967295 ' +
        'int64 -9223372036854775808 uint64 18446744073709551615 double 0.1 string "wörd" ' +
        'array of bytes [ 01 02 ] ' +
        'array [ struct { string "name" variant array [ string "x" string "y" ] } ] ' +
        'struct { array [ ] struct { boolean false } } ' +
        'array [ array [ ] array [ uint64 7 ] ]',
    );
  });

  test('values that do not fit are never sent', async () => {
    const bus = await connected(await messageBus(), blocking);
    for (const [signature, value] of [
      ['s', 5],
      ['s', 'a\0b'],
      ['u', 'x'],
      ['as', 'x'],
      ['v', ['s']],
      ['(ss)', ['one']],
    ] as const)
      await expect(bus.call(call('GetId', signature, value), long)).rejects.toThrow(TypeError);
    expect(await bus.call(call('GetId', ''), long)).toMatchObject({ kind: 'values' });
  });

  test('a bus that goes away is an error', async () => {
    const address = `unix:path=${join(temporaryFolder(), 'bus')}`;
    const { child } = await started(
      'dbus-daemon',
      '--session',
      '--nofork',
      `--address=${address}`,
      '--print-address',
    );
    const bus = await connected(address, blocking);
    await bus.call(call('GetId', ''), long);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await refusalOf(bus.call(call('GetId', ''), long))).toMatchObject({
      code: 'system-call',
    });
  });
});

describe.each(ways)('without a bus, blocking: $blocking', ({ blocking }) => {
  test('nobody there', async () => {
    const address = `unix:path=${join(temporaryFolder(), 'nobody')}`;
    const before = readdirSync('/proc/self/fd').length;
    expect(await refusalOf(openBus(request(address, blocking)))).toMatchObject({
      code: 'system-call',
      facts: { doing: `connect to ${address}`, errno: 'ENOENT' },
    });
    expect(readdirSync('/proc/self/fd')).toHaveLength(before);
  });

  test('somebody who says nothing is not waited for without end', async () => {
    const path = join(temporaryFolder(), 'silent');
    const server = createServer().listen(path);
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const bus = await openBus(request(`unix:path=${path}`, blocking));
    expect(await bus.call(call('GetId', ''), 50)).toBe(undefined);
    bus.close();
  });
});
