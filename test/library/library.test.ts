/**
 * The library as a program has it, built, on real containers: its threads must not be noticed but for what they leave free.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isRuntError, openRuntime, renderError, type Runtime } from '../../dist/lib/index.js';
import { type Change, setArgs, sh } from '../support/bundle-builder.ts';
import { asTheContainer } from '../support/exec-process.ts';
import { executable } from '../support/runtimes.ts';
import { type Stage, useStage } from '../support/stage.ts';

const plain = { noPivot: false, noNewKeyring: false, preserveFds: 0 } as const;

/** Children of ours that have ended and that nobody has waited for. */
const zombies = (): number =>
  readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return state === 'Z' && Number(parent) === process.pid;
    } catch {
      return false;
    }
  }).length;

async function made(stage: Stage, runtime: Runtime, ...bundle: Change[]): Promise<string> {
  const id = stage.id();
  await runtime.create({ id, bundle: stage.bundle(...bundle), ...plain });
  return id;
}

const failureOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('the library', () => {
  const stage = useStage(executable);

  it('creates, starts, waits, deletes, and leaves no zombie', async () => {
    const runtime = openRuntime({ root: stage.root });
    const id = await made(stage, runtime, sh('exit 7'));
    expect(await runtime.state(id)).toMatchObject({ id, status: 'created' });
    await runtime.start(id);
    expect(await runtime.wait(id)).toBe(7);
    expect(await runtime.state(id)).toMatchObject({ status: 'stopped' });
    await runtime.delete({ id, force: false });
    expect(await runtime.list(false)).toEqual([]);
    expect(zombies()).toBe(0);
  });

  it('reaps what nobody waited for, when it is deleted', async () => {
    const runtime = openRuntime({ root: stage.root });
    const id = await made(stage, runtime, setArgs('sleep', '60'));
    await runtime.start(id);
    await runtime.delete({ id, force: true });
    expect(zombies()).toBe(0);
  });

  it('tells how it ended to everybody who waits, also when it is deleted by force meanwhile', async () => {
    const runtime = openRuntime({ root: stage.root });
    const run = { ...plain, detach: false, keep: false, noSubreaper: true };
    for (let round = 0; round < 8; round++) {
      const id = await made(stage, runtime, setArgs('sleep', '60'));
      await runtime.start(id);
      const ends = [runtime.wait(id), runtime.wait(id)];
      // both are asked before
      await runtime.state(id);
      await runtime.delete({ id, force: true });
      expect(await Promise.all(ends)).toEqual([137, 137]);
      const other = stage.id();
      const ended = runtime.run({
        ...run,
        id: other,
        bundle: stage.bundle(setArgs('sleep', '60')),
      });
      await expect
        .poll(() => runtime.state(other).catch(() => undefined))
        .toMatchObject({ status: 'running' });
      await runtime.delete({ id: other, force: true });
      expect(await ended).toBe(137);
    }
    expect(zombies()).toBe(0);
  });

  it('reaps what was exec’ed and left, or its pid namespace could not end', async () => {
    const runtime = openRuntime({ root: stage.root });
    const id = await made(stage, runtime, setArgs('sleep', '60'));
    await runtime.start(id);
    const process = { ...asTheContainer, args: ['true'] };
    const open = readdirSync('/proc/self/fd').length;
    for (let round = 0; round < 4; round++)
      expect(await runtime.exec({ id, process, detach: true, preserveFds: 0 })).toBe(0);
    await expect.poll(zombies).toBe(0);
    await expect.poll(() => readdirSync('/proc/self/fd').length).toBeLessThan(open + 4);
    await runtime.delete({ id, force: true });
    expect(zombies()).toBe(0);
  });

  it('tells a signal as shells do, and nothing of a container that is not its child', async () => {
    const runtime = openRuntime({ root: stage.root });
    const id = await made(stage, runtime, setArgs('sleep', '60'));
    await runtime.start(id);
    const ended = runtime.wait(id);
    await runtime.kill({ id, signal: 9, all: false });
    expect(await ended).toBe(137);
    const other = await stage.detached(setArgs('sleep', '60'));
    const stranger = runtime.wait(other.id);
    await runtime.kill({ id: other.id, signal: 9, all: false });
    expect(await stranger).toBeUndefined();
    await stage.remove(id, other.id);
  });

  it('has sixteen containers at a time, each with its own status', async () => {
    const runtime = openRuntime({ root: stage.root });
    const bundles = Array.from({ length: 16 }, (_, index) => stage.bundle(sh(`exit ${index}`)));
    const statuses = await Promise.all(
      bundles.map((bundle) =>
        runtime.run({
          id: stage.id(),
          bundle,
          ...plain,
          detach: false,
          keep: false,
          noSubreaper: true,
        }),
      ),
    );
    expect(statuses).toEqual(bundles.map((_, index) => index));
    expect(await runtime.list(false)).toEqual([]);
    expect(zombies()).toBe(0);
  });

  it("leaves Node's own threads to the program while hooks sleep", async () => {
    const runtime = openRuntime({ root: stage.root });
    const order: string[] = [];
    const sleeps: Change = (config) => {
      config.hooks = { createRuntime: [{ path: '/bin/sleep', args: ['sleep', '2'] }] };
    };
    const all = Array.from({ length: 8 }, async () => {
      const id = await made(stage, runtime, sleeps);
      order.push('created');
      return id;
    });
    await readFile(join(stage.folder, 'bundle8/config.json'));
    order.push('read');
    const ids = await Promise.all(all);
    expect(order).toEqual(['read', ...ids.map(() => 'created')]);
    await Promise.all(ids.map((id) => runtime.delete({ id, force: true })));
  });

  it('fails with typed errors, in words as well', async () => {
    const runtime = openRuntime({ root: stage.root });
    const missing = await failureOf(runtime.state('nobody'));
    expect(isRuntError(missing, 'container-missing')).toBe(true);
    expect(missing).toMatchObject({ code: 'container-missing', facts: { id: 'nobody' } });
    expect(renderError(missing)).toContain('does not exist');
    const bundle = stage.bundle((config) => {
      config.hostname = 'a';
      config.linux.namespaces = [];
    });
    const invalid = await failureOf(runtime.create({ id: stage.id(), bundle, ...plain }));
    expect(isRuntError(invalid, 'bundle-invalid') && invalid.facts.findings.length).toBeGreaterThan(
      0,
    );
    const absent = await failureOf(made(stage, runtime, setArgs('/not/there')));
    expect(isRuntError(absent, 'executable-missing')).toBe(true);
    // where it came from is the thread's business, and still told
    expect(absent).toHaveProperty('stack', expect.stringContaining('kernel/conversation'));
  });

  it('hands warnings to the log before the call is over', async () => {
    const told: string[] = [];
    const log = {
      debugging: false,
      debug: (text: string) => told.push(`debug ${text}`),
      warning: (text: string) => told.push(text),
      error: (text: string) => told.push(`error ${text}`),
    };
    const runtime = openRuntime({ root: stage.root, log });
    const id = await made(stage, runtime, setArgs('sleep', '60'), (config) => {
      config.hooks = { poststop: [{ path: '/bin/false' }] };
    });
    await runtime.delete({ id, force: true });
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('poststop');
  });

  it('streams events, and stops when they are left', async () => {
    const runtime = openRuntime({ root: stage.root });
    const id = await made(stage, runtime, setArgs('sleep', '60'));
    await runtime.start(id);
    const types: string[] = [];
    for await (const event of runtime.events({ id, interval: 10, once: false })) {
      types.push(event.type);
      if (types.length === 3) break;
    }
    expect(types).toEqual(['stats', 'stats', 'stats']);
    expect(
      await failureOf(runtime.events({ id: 'nobody', interval: 10, once: true }).next()),
    ).toMatchObject({
      code: 'container-missing',
    });
    const status = await runtime.exec({
      id,
      process: { ...asTheContainer, args: ['sh', '-c', 'exit 3'] },
      detach: false,
      preserveFds: 0,
    });
    expect(status).toBe(3);
    await runtime.delete({ id, force: true });
  });

  it.each([
    ['by itself', '', 0],
    ['at once', 'process.exit(3);', 3],
    ['by a failure', 'throw new Error();', 1],
  ])('lets a program end: %s', (_, last, status) => {
    const library = join(import.meta.dirname, '../../dist/lib/index.js');
    for (let round = 0; round < 4; round++) {
      const request = { id: stage.id(), bundle: stage.bundle(setArgs('true')), ...plain };
      const run = { ...request, detach: false, keep: false, noSubreaper: true };
      const program = `import { openRuntime } from '${library}';
        const runtime = openRuntime({ root: '${stage.root}' });
        console.log(await runtime.run(${JSON.stringify(run)}));
        ${last}`;
      const words = ['--input-type=module', '--eval', program];
      const ended = spawnSync(process.execPath, words, { encoding: 'utf8', timeout: 60_000 });
      expect(ended).toMatchObject({ status, stdout: '0\n' });
    }
  });

  it('refuses what no thread can be given, by its promise', () => {
    const library = join(import.meta.dirname, '../../dist/lib/index.js');
    const program = `import { openRuntime } from '${library}';
      const runtime = openRuntime({ root: '${stage.root}' });
      await runtime.kill({ id: 'a', signal: 9, all: false, note: () => 1 }).catch((error) => console.log(error.name));
      await runtime.state('a').catch((error) => console.log(error.code));`;
    const words = ['--input-type=module', '--eval', program];
    const ended = spawnSync(process.execPath, words, { encoding: 'utf8', timeout: 60_000 });
    expect(ended).toMatchObject({ status: 0, stdout: 'DataCloneError\ncontainer-missing\n' });
  });
});
