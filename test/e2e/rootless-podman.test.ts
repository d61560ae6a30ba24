/** Podman of a user who is not root, with runt for its runtime. */
import { execa, execaSync } from 'execa';
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeRootfs } from '../support/bundle-builder.ts';
import { stretched } from '../support/patience.ts';
import { probe } from '../support/probe.ts';
import { sectionOf } from '../support/rootless-page.ts';
import { giveStage, lentUser as user, nameOfLentUser } from '../support/rootless-user.ts';
import { executable, mustRun } from '../support/runtimes.ts';
import { type Ended, until, useStage } from '../support/stage.ts';
import { stdioDescriptor } from '../support/stdio-descriptor.ts';

const isThere = ['/usr/bin/podman', '/usr/bin/newuidmap'].every((path) => existsSync(path));

/** One of the machines has not got it. */
const mayLack = !mustRun || process.env['RUNT_VM'] !== undefined;
/** A case is a dozen commands of Podman's. */
const timeout = stretched(180_000);

describe.skipIf(!isThere && mayLack)('podman without root', { timeout }, () => {
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
    env: {
      HOME: stage.folder,
      XDG_RUNTIME_DIR: run(),
      // root's own folders, where it names them, are closed to others
      XDG_CACHE_HOME: join(stage.folder, '.cache'),
      XDG_CONFIG_HOME: join(stage.folder, '.config'),
      XDG_DATA_HOME: join(stage.folder, '.local/share'),
      DBUS_SESSION_BUS_ADDRESS: '',
      // what a service of root's has there is taken for the truth
      USER: nameOfLentUser,
    },
    cwd: '/',
  });
  const podman = (...words: string[]): Promise<Ended> =>
    stage.call(words, { global: global(), ...surroundings() });
  const ok = async (...words: string[]): Promise<string> => {
    const ended = await podman(...words);
    if (ended.status !== 0) throw new Error(`${words.join(' ')}: ${ended.stderr}`);
    return ended.stdout;
  };
  /**
   * What a container of the image has said at its end, and how it ended. From its log: of what comes last Podman 4.3 loses
   * its own copy at times, whatever the runtime is.
   */
  const once = async (options: readonly string[], ...words: readonly string[]) => {
    const network = options.some((option) => option.startsWith('--network'))
      ? []
      : ['--network=none'];
    const log = '--log-driver=k8s-file';
    await ok(
      'run',
      '--detach',
      '--name=once',
      '--pull=never',
      log,
      ...network,
      ...options,
      'busybox',
      ...words,
    );
    const status = Number(await ok('wait', 'once'));
    const said = await ok('logs', 'once');
    await ok('rm', 'once');
    return { status, said };
  };
  const says = async (options: readonly string[], script: string): Promise<string> => {
    const { status, said } = await once(options, 'sh', '-ec', script);
    expect(status).toBe(0);
    return said;
  };
  /** A folder of the user's that everybody may write to. */
  const shared = (): string => {
    const folder = join(stage.folder, 'shared');
    mkdirSync(folder);
    giveStage(stage, user);
    chmodSync(folder, 0o777);
    return folder;
  };

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
    expect(await once([], 'sh', '-c', 'id -u; exit 7')).toEqual({ status: 7, said: '0\n' });
    const { status, stderr } = await podman('run', '--network=none', 'busybox', 'nosuch');
    expect({ status, stderr }).toEqual({
      status: 127,
      stderr: expect.stringContaining('executable file not found in $PATH') as string,
    });
    const script =
      'id -u; ulimit -n; cat /proc/self/oom_score_adj; grep CapEff /proc/self/status; touch /x 2>&1 || touch /tmp/x && echo done';
    const options = [
      '--user=5:6',
      '--read-only',
      '--tmpfs=/tmp:mode=1777',
      '--cap-drop=all',
      '--ulimit=nofile=90:90',
      '--oom-score-adj=700',
    ];
    expect(await says(options, script)).toBe(
      '5\n90\n700\nCapEff:\t0000000000000000\ntouch: /x: Read-only file system\ndone\n',
    );
  });

  it('keeps one running: exec, kill, stop, start, rm', async () => {
    const folder = shared();
    const loop = 'trap "exit 3" TERM; while :; do sleep 0.1; done';
    const options = ['--detach', '--name=c', '--network=none', `--volume=${folder}:/shared`];
    await ok('run', ...options, 'busybox', 'sh', '-c', loop);
    await ok('exec', '--user', '7:8', 'c', 'sh', '-c', 'id -u >/shared/who; id -g >>/shared/who');
    expect(readFileSync(join(folder, 'who'), 'utf8')).toBe('7\n8\n');
    expect(await ok('top', 'c', 'args')).toContain('sleep 0.1');
    await ok('stop', 'c');
    expect(await ok('inspect', '--format={{.State.ExitCode}}', 'c')).toBe('3\n');
    await ok('start', 'c');
    await ok('kill', 'c');
    expect(await ok('wait', 'c')).toBe('137\n');
    await ok('rm', 'c');
  });

  it('is on a terminal', async () => {
    const script = 'tty; ls -l /dev/console | cut -c1; read line; exit 5';
    const words = ['run', '-it', '--network=none', 'busybox', 'sh', '-c', script];
    const command = ['/usr/bin/env', ...user.through, 'podman', ...global(), ...words];
    const screen = join(stage.folder, 'screen');
    const file = openSync(screen, 'wx');
    const seat = execa(probe(), ['pty', '24', '80', ...command], {
      ...surroundings(),
      stdio: ['pipe', stdioDescriptor(file), 'pipe'],
      reject: false,
      timeout: stretched(20_000),
    });
    closeSync(file);
    await until(() => /\/dev\/pts\/0\r\nc\r\n/.test(readFileSync(screen, 'utf8')), 'the terminal');
    seat.stdin.write('\r');
    expect((await seat).exitCode).toBe(5);
  });

  it('has the user’s own id inside, where asked to, and its files', async () => {
    const mount = `--volume=${shared()}:/mine`;
    const script = 'id -u; echo text >/mine/file; stat -c %u /mine/file';
    expect(await says(['--userns=keep-id', mount], script)).toBe(`${user.id}\n${user.id}\n`);
    expect(await says([mount], script)).toBe('0\n0\n');
    expect(await says(['--userns=auto'], 'id -u')).toBe('0\n');
  });

  it('shares the host’s network and processes, or has every right that there is', async () => {
    expect(await says(['--network=host'], 'ls /sys/class/net')).toContain('lo');
    expect(await says(['--pid=host'], 'echo there')).toBe('there\n');
    expect(await says(['--privileged'], 'echo >/dev/null; echo there')).toBe('there\n');
  });

  it('does what docs/rootless.md shows', async () => {
    const [block] = sectionOf('Podman and Buildah');
    const { env, cwd } = surroundings();
    const path = `${dirname(executable.path)}:${process.env['PATH'] ?? ''}`;
    // where it keeps its images otherwise, a machine may have no room for
    const settings = { STORAGE_DRIVER: 'vfs', PATH: path };
    const command = [...user.through, 'sh', '-euc'];
    const call = (script: string) =>
      execaSync('env', [...command, script], { env: { ...env, ...settings }, cwd });
    call(`podman import --quiet ${join(stage.folder, 'image.tar')} busybox`);
    // see `once`
    await until(() => `${call(block?.sh ?? '').stdout}\n` === block?.text, block?.text);
    call('podman system migrate');
  });
});
