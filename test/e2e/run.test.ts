/** `run`: create and start in one. */
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Change, setArgs, sh } from '../support/bundle-builder.ts';
import { cgroupsOf } from '../support/leftovers.ts';
import { receiver } from '../support/receiver.ts';
import { runtimes } from '../support/runtimes.ts';
import { until, useStage } from '../support/stage.ts';

describe.each(runtimes)('run by $name', (runtime) => {
  const stage = useStage(runtime);

  it('wants exactly one id', async () => {
    expect(await stage.call(['run'])).toMatchObject({
      status: 1,
      message: expect.stringMatching(/runt: "run" requires exactly 1 argument\(s\)$/),
    });
  });

  it.each([
    ['exit 0', 0],
    ['exit 7', 7],
    ['exit 255', 255],
    ['kill -TERM $$; sleep 1', 0],
    ['sh -c "kill -KILL \\$\\$"; exit $?', 137],
  ])('answers `%s` with %d', async (script, status) => {
    expect(await stage.run(sh(script))).toMatchObject({ status });
  });

  it('answers a signal with 128 and its number', async () => {
    const id = stage.id();
    const bundle = stage.bundle(setArgs('sleep', '60'));
    const running = stage.call(['run', '-b', bundle, id]);
    await until(async () => (await stage.call(['state', id])).stdout.includes('running'), 'it');
    await stage.ok(['kill', id, 'KILL']);
    expect(await running).toMatchObject({ status: 137, stderr: '' });
  });

  it('forwards the signals that it gets', async () => {
    const id = stage.id();
    const bundle = stage.bundle(
      sh('trap "echo got; exit 3" TERM; echo ready; while :; do sleep 0.05; done'),
    );
    const running = stage.call(['run', '-b', bundle, id], {
      through: ['sh', '-c', `echo $$ > ${stage.folder}/pid; exec "$@"`, 'sh'],
    });
    const pid = () => Number(readFileSync(join(stage.folder, 'pid'), 'utf8'));
    const output = join(stage.folder, 'output1.out');
    await until(() => existsSync(output) && readFileSync(output, 'utf8') === 'ready\n', 'the trap');
    process.kill(pid(), 'SIGTERM');
    expect(await running).toMatchObject({ status: 3, stdout: 'ready\ngot\n' });
  });

  it('tells a failing execve in one plain line, as the process would', async () => {
    const script: Change = (config) => {
      config.process.args = ['/tmp/script'];
    };
    const bundle = stage.bundle(script);
    const file = join(bundle, 'rootfs/tmp/script');
    writeFileSync(file, '#!/absent\n', { mode: 0o755 });
    const line = 'exec /tmp/script: no such file or directory\n';
    expect(await stage.call(['run', '-b', bundle, stage.id()])).toMatchObject({
      status: 255,
      stderr: line,
    });
    const log = join(stage.folder, 'log');
    const global = ['--root', stage.root, '--log', log, '--log-format', 'json'];
    const logged = await stage.call(['run', '-b', bundle, stage.id()], { global });
    expect(logged.stderr).toBe(line);
    expect(JSON.parse(readFileSync(log, 'utf8'))).toMatchObject({
      level: 'error',
      msg: line.trim(),
    });
  });

  it('passes standard input on', async () => {
    const bundle = stage.bundle(setArgs('cat'));
    const ended = await stage.ok(['run', '-b', bundle, stage.id()], { input: 'some words\n' });
    expect(ended.stdout).toBe('some words\n');
  });

  it('returns at once when detached, and writes the pid', async () => {
    const id = stage.id();
    const bundle = stage.bundle(setArgs('sleep', '60'));
    await stage.ok(['run', '-d', '--pid-file', 'file.pid', '-b', bundle, id]);
    const { pid, status } = await stage.state(id);
    expect(status).toBe('running');
    expect(readFileSync(join(stage.folder, 'file.pid'), 'utf8')).toBe(String(pid));
    await stage.remove(id);
  });

  it('keeps the container with --keep', async () => {
    const id = stage.id();
    const bundle = stage.bundle(sh('exit 5'));
    expect(await stage.call(['run', '--keep', '-b', bundle, id])).toMatchObject({ status: 5 });
    expect(await stage.state(id)).toMatchObject({ status: 'stopped', pid: 0 });
    expect(cgroupsOf(id)).not.toEqual([]);
    await stage.ok(['delete', id]);
  });

  it('sends terminal and pidfd away when detached', async () => {
    const id = stage.id();
    const console = await receiver(stage, 'console');
    const pidfd = await receiver(stage, 'pidfd');
    const bundle = stage.bundle(sh('tty; echo done'), (config) => {
      config.process.terminal = true;
    });
    const sockets = ['--console-socket', console.path, '--pidfd-socket', pidfd.path];
    await stage.ok(['run', '-d', ...sockets, '-b', bundle, id]);
    await until(() => console.said().endsWith('done\r\n'), 'the terminal');
    expect(console.said()).toContain('/dev/pts/0\r\n');
    await pidfd.end();
    expect(pidfd.said()).toContain('payload standard\n');
    await stage.remove(id);
    await console.end();
  });

  it('hands over the descriptors that --preserve-fds names', async () => {
    const file = join(stage.folder, 'three');
    writeFileSync(file, 'from outside\n');
    const descriptor = openSync(file, 'r');
    try {
      const bundle = stage.bundle(sh('cat <&3; ls /proc/self/fd | wc -l'));
      const ended = await stage.ok(['run', '--preserve-fds', '1', '-b', bundle, stage.id()], {
        descriptors: [descriptor],
      });
      expect(ended.stdout).toBe('from outside\n5\n');
    } finally {
      closeSync(descriptor);
    }
  });

  it('has run without pivot_root a container that may not mount another proc', async () => {
    const bundle = stage.bundle(
      sh('ls / | head -2; mount -t proc proc /tmp && ls /tmp'),
      (config) => {
        config.root.readonly = false;
      },
    );
    const { status, stdout } = await stage.call(['run', '--no-pivot', '-b', bundle, stage.id()]);
    expect(status).not.toBe(0);
    expect(stdout).toBe('bin\ndev\n');
  });

  it('runs many of one bundle at the same time', async () => {
    const bundle = stage.bundle(sh('echo $$'));
    const all = await Promise.all(
      Array.from({ length: 6 }, () => stage.ok(['run', '-b', bundle, stage.id()])),
    );
    expect(all.map(({ stdout }) => stdout)).toEqual(Array.from({ length: 6 }, () => '1\n'));
  });
});
