/** What an error tells its reader to do next, and that doing it helps. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addMount, type Change, setArgs } from '../support/bundle-builder.ts';
import { runtimes } from '../support/runtimes.ts';
import { useStage } from '../support/stage.ts';

const root =
  (part: object): Change =>
  (config) => {
    Object.assign(config.root, part);
  };

describe.each(runtimes)('next steps by $name', (runtime) => {
  const stage = useStage(runtime);
  const hintOf = async (change: Change) => (await stage.run(change)).hint;

  it('a bundle without config.json: the command that is named makes one', async () => {
    const bundle = stage.bundle();
    rmSync(join(bundle, 'config.json'));
    const { hint = '' } = await stage.call(['run', '-b', bundle, stage.id()]);
    const [, words = ''] = /: runt (spec .*)$/.exec(hint) ?? [];
    await stage.ok(words.split(' '));
    expect((await stage.call(['validate', bundle])).message).not.toContain('config.json not found');
  });

  it('an id in use: the command that is named frees it', async () => {
    const id = stage.id();
    const bundle = stage.bundle();
    await stage.ok(['create', '-b', bundle, id]);
    const { hint = '' } = await stage.call(['create', '-b', bundle, id]);
    const [, words = ''] = /: runt --root \S+ (delete [^,]*),/.exec(hint) ?? [];
    await stage.ok(words.split(' '));
    await stage.ok(['create', '-b', bundle, id]);
    await stage.ok(['delete', '-f', id]);
  });

  it('a running container: delete names the ways to end it', async () => {
    const id = stage.id();
    await stage.ok(['run', '-d', '-b', stage.bundle(setArgs('sleep', '100')), id]);
    const { message, hint = '' } = await stage.call(['delete', id]);
    expect(message).toBe(`cannot delete container ${id} that is not stopped: running`);
    const [, words = ''] = /: runt --root \S+ (delete --force .*)$/.exec(hint) ?? [];
    await stage.ok(words.split(' '));
  });

  it('a mount on what a read-only image does not have', async () => {
    const mounts = addMount(
      { destination: '/image', type: 'bind', source: stage.folder, options: ['bind', 'ro'] },
      { destination: '/image/part', type: 'tmpfs', source: 'tmpfs' },
    );
    expect(await hintOf(mounts)).toContain('is read-only');
  });

  it('a program that is not there: where it was looked for', async () => {
    expect(await hintOf(setArgs('no-such-program'))).toContain('PATH in process.env');
    expect(await hintOf(setArgs('/no/such/program'))).toContain('root.path');
  });

  it('a rootfs that is not there', async () => {
    expect(await hintOf(root({ path: 'nowhere' }))).toContain('fill a folder first');
  });

  it('nobody at the console socket', async () => {
    const bundle = stage.bundle((config) => {
      config.process.terminal = true;
    });
    const run = (words: readonly string[]) =>
      stage.call(['run', '-d', ...words, '-b', bundle, stage.id()]);
    expect((await run([])).hint).toContain('give --console-socket PATH');
    const nobody = await run(['--console-socket', join(bundle, 'nobody')]);
    expect(nobody.hint).toBe('a program has to listen at that socket before');
  });

  it('a namespace whose process has ended', async () => {
    const change: Change = (config) => {
      for (const namespace of config.linux.namespaces)
        if (namespace.type === 'pid') namespace.path = '/proc/4194304/ns/pid';
    };
    expect(await hintOf(change)).toBe('the process whose namespace it is may have ended');
  });

  it('a damaged record: the command that is named clears it away', async () => {
    const id = stage.id();
    mkdirSync(join(stage.root, id), { recursive: true });
    writeFileSync(join(stage.root, id, 'state.json'), '{');
    const { hint = '' } = await stage.call(['state', id]);
    const [, words = ''] = /: runt --root \S+ (delete .*)$/.exec(hint) ?? [];
    await stage.ok(words.split(' '));
    expect((await stage.call(['state', id])).message).toBe('container does not exist');
  });
});
