/** Podman of a user who is not root, with runt for its runtime. */
import { execaSync } from 'execa';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeRootfs } from '../support/bundle-builder.ts';
import { probe } from '../support/probe.ts';
import { sectionOf } from '../support/rootless-page.ts';
import { giveStage, lentUser as user } from '../support/rootless-user.ts';
import { executable, mustRun } from '../support/runtimes.ts';
import { type Ended, until, useStage } from '../support/stage.ts';

const isThere = ['/usr/bin/podman', '/usr/bin/newuidmap'].every((path) => existsSync(path));

describe.skipIf(!isThere && !mustRun)('podman without root', () => {
  /** Its words in place of a runtime's. */
  const stage = useStage({ name: 'podman', path: 'podman', through: user.through });
  const run = () => join(stage.folder, 'run');

  const global = (): string[] => [
    `--root=${join(stage.folder, 'storage')}`,
    `--runroot=${join(run(), 'root')}`,
    `--tmpdir=${join(run(), 'tmp')}`,
    '--storage-driver=vfs',
    '--cgroup-manager=cgroupfs',
    '--events-backend=file',
    `--runtime=${executable.path}`,
  ];
  const surroundings = () => ({
    env: { HOME: stage.folder, XDG_RUNTIME_DIR: run(), DBUS_SESSION_BUS_ADDRESS: '' },
    cwd: '/',
  });
  const podman = (...words: string[]): Promise<Ended> =>
    stage.call(words, { global: global(), ...surroundings() });
  const ok = async (...words: string[]): Promise<string> => {
    const ended = await podman(...words);
    expect(ended, words.join(' ')).toMatchObject({ status: 0 });
    return ended.stdout;
  };
  const inImage = (...words: string[]) => [
    'run',
    '--rm',
    '--network=none',
    '--pull=never',
    ...words,
  ];

  beforeEach(async () => {
    if (!isThere) throw new Error('missing: podman, newuidmap');
    for (const folder of ['root', 'run', 'image']) mkdirSync(join(stage.folder, folder));
    makeRootfs(join(stage.folder, 'image'));
    const archive = join(stage.folder, 'image.tar');
    execaSync('tar', ['-C', join(stage.folder, 'image'), '-cf', archive, '.']);
    giveStage(stage, user);
    await ok('import', '--quiet', archive, 'busybox');
  });

  /** What holds its user namespace between two commands outlives them all. */
  afterEach(async () => {
    await podman('rm', '--all', '--force', '--time', '0');
    const file = join(run(), 'tmp/pause.pid');
    if (!existsSync(file)) return;
    const pid = Number(readFileSync(file, 'utf8'));
    process.kill(pid, 'SIGKILL');
    await until(() => !existsSync(`/proc/${pid}`), 'the end of its pause process');
  });

  it('runs containers, and hands on how they end', async () => {
    expect(await ok(...inImage('busybox', 'id', '-u'))).toBe('0\n');
    expect(await podman(...inImage('busybox', 'sh', '-c', 'exit 7'))).toMatchObject({ status: 7 });
    expect(await podman(...inImage('busybox', 'nosuch'))).toMatchObject({ status: 127 });
    const script =
      'id -u; ulimit -n; cat /proc/self/oom_score_adj; grep CapEff /proc/self/status; touch /x 2>&1; touch /tmp/x && echo done';
    const options = [
      '--user=5:6',
      '--read-only',
      '--tmpfs=/tmp:mode=1777',
      '--cap-drop=all',
      '--ulimit=nofile=90:90',
      '--oom-score-adj=700',
    ];
    expect(await ok(...inImage(...options, 'busybox', 'sh', '-c', script))).toBe(
      '5\n90\n700\nCapEff:\t0000000000000000\ntouch: /x: Read-only file system\ndone\n',
    );
  });

  it('keeps one running: exec, kill, stop, start, rm', async () => {
    await ok(
      'run',
      '--detach',
      '--name=c',
      '--network=none',
      '--pull=never',
      'busybox',
      'sh',
      '-c',
      'trap "exit 3" TERM; while :; do sleep 0.1; done',
    );
    expect(await ok('exec', 'c', 'id', '-u')).toBe('0\n');
    expect(await ok('exec', '--user', '7:8', 'c', 'id', '-u')).toBe('7\n');
    expect(await ok('top', 'c', 'args')).toContain('sleep 0.1');
    await ok('stop', 'c');
    expect(await ok('inspect', '--format={{.State.ExitCode}}', 'c')).toBe('3\n');
    await ok('start', 'c');
    await ok('kill', 'c');
    expect(await ok('wait', 'c')).toBe('137\n');
    await ok('rm', 'c');
  });

  it('is on a terminal', async () => {
    const words = inImage('-it', 'busybox', 'sh', '-c', 'tty; ls -l /dev/console | cut -c1');
    const command = ['/usr/bin/env', ...user.through, 'podman', ...global(), ...words];
    const ended = execaSync(probe(), ['pty', '24', '80', ...command], {
      ...surroundings(),
      reject: false,
    });
    expect(ended.exitCode).toBe(0);
    expect(ended.stdout).toContain('/dev/pts/0\r\nc');
  });

  it('has the user’s own id inside, where asked to, and its files', async () => {
    mkdirSync(join(stage.folder, 'mine'));
    giveStage(stage, user);
    const mount = `--volume=${join(stage.folder, 'mine')}:/mine`;
    const script = 'id -u; echo text >/mine/file; stat -c %u /mine/file';
    expect(await ok(...inImage('--userns=keep-id', mount, 'busybox', 'sh', '-c', script))).toBe(
      `${user.id}\n${user.id}\n`,
    );
    expect(await ok(...inImage(mount, 'busybox', 'sh', '-c', script))).toBe('0\n0\n');
    expect(await ok(...inImage('--userns=auto', 'busybox', 'id', '-u'))).toBe('0\n');
  });

  it('shares the host’s network and processes, or a pod’s', async () => {
    expect(
      await ok('run', '--rm', '--network=host', '--pull=never', 'busybox', 'ls', '/sys/class/net'),
    ).toContain('lo');
    expect(await ok(...inImage('--pid=host', 'busybox', 'echo', 'there'))).toBe('there\n');
    await ok(...inImage('--init', 'busybox', 'true'));
    expect(
      await ok(...inImage('--privileged', 'busybox', 'sh', '-c', 'echo >/dev/null; echo there')),
    ).toBe('there\n');
  });

  it('does what docs/rootless.md shows', async () => {
    const [block] = sectionOf('Podman');
    const { env, cwd } = surroundings();
    const path = `${dirname(executable.path)}:${process.env['PATH'] ?? ''}`;
    // where it keeps its images otherwise, a machine may have no room for
    const settings = { STORAGE_DRIVER: 'vfs', PATH: path };
    const command = [...user.through, 'sh', '-euc'];
    const call = (script: string) =>
      execaSync('env', [...command, script], { env: { ...env, ...settings }, cwd });
    call(`podman import --quiet ${join(stage.folder, 'image.tar')} busybox`);
    expect(`${call(block?.sh ?? '').stdout}\n`).toBe(block?.text);
    call('podman system migrate');
  });
});
