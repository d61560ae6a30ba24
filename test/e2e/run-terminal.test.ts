/** `run` on a terminal: the keyboard, the screen, its size, and how it is left. */
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { type Change, sh } from '../support/bundle-builder.ts';
import { probe } from '../support/probe.ts';
import { runtimes } from '../support/runtimes.ts';
import { type Stage, until, useStage } from '../support/stage.ts';
import { stdioDescriptor } from '../support/stdio-descriptor.ts';
import { stretched } from '../support/patience.ts';

const onTerminal: Change = (config) => {
  config.process.terminal = true;
};

/** A foreground container on a terminal of 24 by 80 of ours. */
function sit(stage: Stage, words: readonly string[]) {
  const output = join(stage.folder, 'screen');
  const file = openSync(output, 'wx');
  const argv = ['pty', '24', '80', stage.runtime.path, '--root', stage.root, ...words];
  const child = execa(probe(), argv, {
    stdio: ['pipe', stdioDescriptor(file), 'pipe'],
    reject: false,
    timeout: stretched(20_000),
    killSignal: 'SIGKILL',
  });
  closeSync(file);
  return {
    child,
    type: (text: string) => child.stdin.write(text),
    shows: (text: string) =>
      until(() => existsSync(output) && screen().includes(text), `${text} in ${screen()}`),
    screen,
  };
  function screen(): string {
    return readFileSync(output, 'utf8');
  }
}

describe.each(runtimes)('run on a terminal by $name', (runtime) => {
  const stage = useStage(runtime);

  it('refuses to detach without a console socket', async () => {
    const bundle = stage.bundle(onTerminal);
    expect(await stage.call(['run', '-d', '-b', bundle, stage.id()])).toMatchObject({
      status: 1,
      message:
        'runt run failed: cannot allocate tty if runc will detach without setting console socket',
    });
  });

  it('works without a terminal of its own', async () => {
    const bundle = stage.bundle(sh('tty; echo two lines; exit 4'), onTerminal);
    expect(await stage.call(['run', '-b', bundle, stage.id()])).toMatchObject({
      status: 4,
      stdout: '/dev/pts/0\ntwo lines\n',
    });
  });

  it('carries keys, screen and size, and restores the terminal', async () => {
    const bundle = stage.bundle(
      sh(
        // not `read`: that of BusyBox 1.38 does not come back once a signal has been trapped
        'stty size; seen=; trap "stty size; seen=1" WINCH; echo ready; while [ -z "$seen" ]; do sleep 0.1; done; echo "<$(head -n 1)>"; exit 9',
      ),
      onTerminal,
    );
    const seat = sit(stage, ['run', '-b', bundle, stage.id()]);
    await seat.shows('ready');
    expect(seat.screen()).toContain('24 80\r\n');
    seat.child.kill('SIGUSR1');
    await seat.shows('43 132');
    seat.type('hello\r');
    await seat.shows('<hello>');
    const { exitCode, stderr } = await seat.child;
    expect({ exitCode, stderr }).toEqual({ exitCode: 9, stderr: 'settings restored' });
  });

  it('gives Ctrl-C to the container', async () => {
    const bundle = stage.bundle(
      sh('trap "echo interrupted; exit 6" INT; echo ready; while :; do sleep 0.05; done'),
      onTerminal,
    );
    const seat = sit(stage, ['run', '-b', bundle, stage.id()]);
    await seat.shows('ready');
    seat.type('\u0003');
    const { exitCode, stderr } = await seat.child;
    expect({ exitCode, stderr }).toEqual({ exitCode: 6, stderr: 'settings restored' });
    expect(seat.screen()).toContain('interrupted');
  });

  it('restores the terminal when the container is killed', async () => {
    const id = stage.id();
    const bundle = stage.bundle(sh('echo ready; sleep 60'), onTerminal);
    const seat = sit(stage, ['run', '-b', bundle, id]);
    await seat.shows('ready');
    await stage.ok(['kill', id, 'KILL']);
    const { exitCode, stderr } = await seat.child;
    expect({ exitCode, stderr }).toEqual({ exitCode: 137, stderr: 'settings restored' });
  });

  it('has /dev/console, which is the terminal', async () => {
    const bundle = stage.bundle(
      sh('stat -c %F /dev/console; echo to the console > /dev/console; stat -c %u:%g /dev/pts/0'),
      onTerminal,
      (config) => {
        config.process.user = { uid: 1000, gid: 1000 };
      },
    );
    const { stdout } = await stage.ok(['run', '-b', bundle, stage.id()]);
    expect(stdout).toBe('character special file\nto the console\n1000:5\n');
  });

  it('prints all of a long output', async () => {
    const bundle = stage.bundle(sh('seq 1 20000'), onTerminal);
    const { stdout } = await stage.ok(['run', '-b', bundle, stage.id()]);
    expect(stdout.split('\n')).toHaveLength(20_001);
    expect(stdout.endsWith('20000\n')).toBe(true);
  });

  it('serves exec -t the same way', async () => {
    const { id } = await stage.detached(sh('sleep 60'));
    const seat = sit(stage, [
      'exec',
      '-t',
      id,
      'sh',
      '-c',
      'stty size; tty; read l; echo "<$l>"; exit 8',
    ]);
    await seat.shows('/dev/pts/');
    seat.type('word\r');
    const { exitCode, stderr } = await seat.child;
    expect({ exitCode, stderr }).toEqual({ exitCode: 8, stderr: 'settings restored' });
    expect(seat.screen()).toMatch(/24 80\r\n\/dev\/pts\/0\r\n[^]*<word>/);
    await stage.remove(id);
  });
});
