/** `create`: a container whose process waits for `start`. */
import { existsSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { setArgs, sh } from '../support/bundle-builder.ts';
import { receiver } from '../support/receiver.ts';
import { runtimes } from '../support/runtimes.ts';
import { until, useStage } from '../support/stage.ts';

describe.each(runtimes)('create by $name', (runtime) => {
  const stage = useStage(runtime);

  it('wants exactly one id, and known flags', async () => {
    expect(await stage.call(['create'])).toMatchObject({
      status: 1,
      message: expect.stringMatching(/runt: "create" requires exactly 1 argument\(s\)$/),
    });
    const { status, message } = await stage.call(['create', '--bundel', 'x', stage.id()]);
    expect(status).toBe(1);
    expect(message).toContain('not defined: -bundel');
  });

  it('leaves an init that waits, and does not run the process', async () => {
    const id = stage.id();
    const bundle = stage.bundle(setArgs('touch', '/tmp/ran'), (config) => {
      config.root.readonly = false;
    });
    const pidFile = join(stage.folder, 'pid');
    await stage.ok(['create', '--bundle', bundle, '--pid-file', 'pid', id]);
    const state = await stage.state(id);
    expect(state).toMatchObject({ status: 'created' });
    expect(readFileSync(pidFile, 'utf8')).toBe(String(state['pid']));
    expect(readFileSync(`/proc/${String(state['pid'])}/comm`, 'utf8')).toBe('runt:init\n');
    expect(() => readFileSync(`${bundle}/rootfs/tmp/ran`)).toThrow('ENOENT');
    await stage.ok(['start', id]);
    await until(() => existsSync(`${bundle}/rootfs/tmp/ran`), 'the process');
    await stage.remove(id);
  });

  it('takes the current folder for the bundle', async () => {
    const id = stage.id();
    await stage.ok(['create', id], { cwd: stage.bundle(setArgs('true')) });
    await stage.remove(id);
  });

  it('does not see later edits of config.json', async () => {
    const id = stage.id();
    const bundle = stage.bundle(sh('echo first'));
    const { stdoutFile } = await stage.ok(['create', '-b', bundle, id]);
    writeFileSync(join(bundle, 'config.json'), '{}');
    await stage.ok(['start', id]);
    await until(() => readFileSync(stdoutFile, 'utf8') === 'first\n', 'the output');
    await stage.remove(id);
  });

  it('refuses an id that is in use, and leaves its owner alone', async () => {
    const id = stage.id();
    const bundle = stage.bundle(setArgs('sleep', '60'));
    await stage.ok(['create', '-b', bundle, id]);
    expect(await stage.call(['create', '-b', bundle, id])).toMatchObject({
      status: 1,
      message: 'runt create failed: container with given ID already exists',
    });
    expect(await stage.state(id)).toMatchObject({ status: 'created' });
    await stage.remove(id);
  });

  it.each(['', '.', '..', 'a/b', 'a b', 'ä', '../up'])('refuses the id %j', async (id) => {
    const { status, message } = await stage.call(['create', '-b', stage.bundle(), id]);
    expect(status).toBe(1);
    expect(message).toBe('runt create failed: invalid container ID format');
  });

  it('sends the terminal to the console socket', async () => {
    const id = stage.id();
    const bundle = stage.bundle(sh('tty; stty size; sleep 60'), (config) => {
      config.process.terminal = true;
      config.process.consoleSize = { height: 10, width: 110 };
    });
    const console = await receiver(stage, 'console');
    await stage.ok(['create', '-b', bundle, '--console-socket', console.path, id]);
    await stage.ok(['start', id]);
    await until(() => console.said().includes('10 110'), 'the terminal');
    // with the kernel's settings: whoever has the other end may change them
    expect(console.said()).toMatch(
      /^payload \/dev\/ptmx\ndescriptor \/.*ptmx\n\/dev\/pts\/0\r\n10 110\r\n/,
    );
    await stage.remove(id);
    await console.end();
  });

  it('sends a pidfd of the init to the pidfd socket', async () => {
    const id = stage.id();
    const pidfd = await receiver(stage, 'pidfd');
    const bundle = stage.bundle(setArgs('true'));
    await stage.ok(['create', '-b', bundle, '--pidfd-socket', pidfd.path, id]);
    const { pid } = await stage.state(id);
    await pidfd.end();
    expect(pidfd.said()).toMatch(/^payload standard\ndescriptor anon_inode:\[pidfd\]\n/);
    expect(pidfd.said()).toContain(`Pid:\t${String(pid)}\n`);
    await stage.remove(id);
  });

  it.each([
    [true, [], 'cannot allocate tty if runc will detach without setting console socket'],
    [
      false,
      ['--console-socket', '/nowhere'],
      'cannot use console socket if runc will not detach or allocate tty',
    ],
  ])('keeps the rules of terminals: %j %j', async (terminal, flags, text) => {
    const bundle = stage.bundle((config) => {
      config.process.terminal = terminal;
    });
    const { status, message } = await stage.call(['create', '-b', bundle, ...flags, stage.id()]);
    expect({ status, message }).toEqual({ status: 1, message: `runt create failed: ${text}` });
  });

  it('works without pivot_root', async () => {
    const id = stage.id();
    const bundle = stage.bundle(setArgs('ls', '/'));
    const { stdoutFile } = await stage.ok(['create', '--no-pivot', '-b', bundle, id]);
    const { pid } = await stage.state(id);
    expect(readlinkSync(`/proc/${String(pid)}/cwd`)).toBe('/');
    await stage.ok(['start', id]);
    await until(() => readFileSync(stdoutFile, 'utf8').includes('bin\ndev\n'), 'the listing');
    await stage.remove(id);
  });

  it('takes all back when the pid file cannot be written, or nobody listens', async () => {
    const bundle = stage.bundle(setArgs('sleep', '60'));
    for (const flags of [
      ['--pid-file', '/nowhere/pid'],
      ['--pidfd-socket', '/nowhere/socket'],
    ]) {
      const { status, message } = await stage.call(['create', '-b', bundle, ...flags, stage.id()]);
      expect(status).toBe(1);
      expect(message).toMatch(/^runt create failed: cannot .*nowhere.*ENOENT/);
    }
  });
});
