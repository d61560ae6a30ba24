/** Containers of a user who is not root and has nothing but its own id. */
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  addMount,
  type Change,
  namespace,
  setArgs,
  sh,
  without,
} from '../support/bundle-builder.ts';
import { isV2, limited } from '../support/control-files.ts';
import { receiver } from '../support/receiver.ts';
import {
  aloneUser as user,
  giveStage,
  of,
  rootlessBundle,
  rootlessConfig,
} from '../support/rootless-user.ts';
import { classicKernel } from '../support/plans.ts';
import { runtimes } from '../support/runtimes.ts';
import { type Ended, until, useStage } from '../support/stage.ts';

const sleeps = setArgs('sleep', '60');

describe.each(runtimes)('rootless, with one id, by $name', (runtime) => {
  const stage = useStage(of(user, runtime));

  const bundle = (...changes: Change[]): string => rootlessBundle(stage, user, ...changes);
  const run = (...changes: Change[]): Promise<Ended> =>
    stage.call(['run', '-b', bundle(...changes), stage.id()]);
  const refusal = async (...changes: Change[]): Promise<string> => {
    const { status, message } = await run(...changes);
    expect(status).toBe(1);
    return message;
  };
  const begin = async (...changes: Change[]): Promise<string> => {
    const id = stage.id();
    await stage.ok(['run', '-d', '-b', bundle(...changes), id]);
    return id;
  };

  it('runs what spec --rootless writes', async () => {
    const folder = bundle();
    await stage.ok(['spec', '--rootless', '-b', stage.folder]);
    const config = JSON.parse(readFileSync(join(stage.folder, 'config.json'), 'utf8')) as {
      process: { args: string[]; terminal: boolean };
      root: { path: string };
    };
    config.process.args = ['sh', '-c', 'id -u; cat /proc/self/uid_map /proc/self/setgroups'];
    config.process.terminal = false;
    config.root.path = join(folder, 'rootfs');
    writeFileSync(join(stage.folder, 'config.json'), JSON.stringify(config));
    const { stdout } = await stage.ok(['run', '-b', stage.folder, stage.id()]);
    expect(stdout.replaceAll(/ +/g, ' ')).toBe(`0\n 0 ${user.id} 1\ndeny\n`);
  });

  it('goes through the whole life of a container', async () => {
    const id = stage.id();
    const ended = await stage.ok(['create', '-b', bundle(sleeps), id]);
    expect(ended.stderr).toBe('');
    expect(await stage.state(id)).toMatchObject({ status: 'created' });
    expect((await stage.ok(['exec', id, 'id', '-u'])).stdout).toBe('0\n');
    await stage.ok(['start', id]);
    const { pid } = await stage.state(id);
    expect((await stage.ok(['exec', id, 'sh', '-c', 'echo $$ >/dev/null; id'])).stdout).toMatch(
      /^uid=0\S* gid=0/,
    );
    expect(JSON.parse((await stage.ok(['ps', '-f', 'json', id])).stdout)).toEqual([pid]);
    expect((await stage.ok(['list', '-q'])).stdout).toBe(`${id}\n`);
    expect(statSync(`/proc/${String(pid)}`).uid).toBe(user.id);
    await stage.ok(['kill', id, 'KILL']);
    await until(async () => (await stage.state(id))['status'] === 'stopped', 'its end');
    await stage.ok(['delete', id]);
    expect((await stage.ok(['list', '-q'])).stdout).toBe('');
  });

  it('counts every process of a container without a cgroup, and ends all by force', async () => {
    const id = await begin(sh('sleep 60 & sleep 60'));
    const pids = async () =>
      JSON.parse((await stage.ok(['ps', '-f', 'json', id])).stdout) as number[];
    await until(async () => (await pids()).length === 3 || undefined, 'its processes').catch(
      () => {},
    );
    expect((await pids()).length).toBeGreaterThanOrEqual(2);
    expect((await stage.ok(['ps', id])).stdout).toContain('sleep 60');
    await stage.ok(['delete', '--force', id]);
  });

  it('gives it the devices of the host', async () => {
    const { stdout } = await stage.ok([
      'run',
      '-b',
      bundle(
        sh(`for d in null zero full random urandom tty; do stat -c '%n %t:%T' /dev/$d; done
          echo gone >/dev/null && head -c 2 /dev/zero | wc -c; readlink /dev/ptmx; readlink /dev/fd`),
      ),
      stage.id(),
    ]);
    expect(stdout.split('\n')).toEqual([
      ...['null 1:3', 'zero 1:5', 'full 1:7', 'random 1:8', 'urandom 1:9', 'tty 5:0'].map(
        (line) => `/dev/${line}`,
      ),
      '2',
      'pts/ptmx',
      '/proc/self/fd',
      '',
    ]);
  });

  it('mounts what a network namespace of its own allows', async () => {
    const { stdout } = await stage.ok([
      'run',
      '-b',
      bundle(
        namespace('network'),
        sh('ls /sys/class/net; mount | grep -c " /dev/mqueue type mqueue"'),
        (config) => {
          config.mounts = config.mounts.map((mount) =>
            mount.destination === '/sys'
              ? { destination: '/sys', type: 'sysfs', source: 'sysfs', options: ['nosuid', 'ro'] }
              : mount,
          );
        },
      ),
      stage.id(),
    ]);
    expect(stdout).toBe('lo\n1\n');
  });

  it('shows cgroups that nobody can write to', async () => {
    const { status, stdout } = await run(
      sh('mkdir /sys/fs/cgroup/x 2>&1; ls /sys/fs/cgroup >/dev/null'),
    );
    expect(status).toBe(0);
    expect(stdout).toContain('Read-only file system');
  });

  it('has a terminal, by a console socket and in an exec', async () => {
    const socket = await receiver(stage, 'console');
    const id = stage.id();
    const folder = bundle(sh('tty; ls -l /dev/console | cut -c1; sleep 60'), (config) => {
      config.process.terminal = true;
    });
    await stage.ok(['run', '-d', '--console-socket', socket.path, '-b', folder, id]);
    await until(() => socket.said().includes('\nc\r\n'), 'the terminal');
    expect(socket.said()).toContain('/dev/pts/0');
    expect((await stage.ok(['exec', '-t', id, 'tty'])).stdout).toContain('/dev/pts/1');
    await stage.remove(id);
    await socket.end();
  });

  it('keeps its containers below XDG_RUNTIME_DIR, where nobody tidies them away', async () => {
    const own = join(stage.folder, 'own');
    mkdirSync(own);
    const folder = bundle(sh('echo here'));
    const options = { global: [], env: { XDG_RUNTIME_DIR: own } };
    expect((await stage.ok(['run', '-b', folder, stage.id()], options)).stdout).toBe('here\n');
    expect((statSync(join(own, 'runt')).mode & 0o7777).toString(8)).toBe('1700');
    expect((await stage.ok(['list', '-q'], options)).stdout).toBe('');
  });

  it('sets what a user may set of itself', async () => {
    const { stdout } = await stage.ok([
      'run',
      '-b',
      bundle(sh('ulimit -Hn; ulimit -Sn; cat /proc/self/oom_score_adj; umask'), (config) => {
        config.process.rlimits = [{ type: 'RLIMIT_NOFILE', hard: 90, soft: 80 }];
        config.process.oomScoreAdj = 700;
      }),
      stage.id(),
    ]);
    expect(stdout).toBe('90\n80\n700\n0022\n');
  });

  it('runs a bundle on cgroups, networks and processes of the host', async () => {
    const { status, stdout, stderr } = await run(
      without('pid', 'ipc', 'cgroup'),
      sh('ls /proc | grep -c "^[0-9]"'),
      (config) => {
        config.mounts = config.mounts.map((mount) =>
          mount.destination === '/proc'
            ? { destination: '/proc', type: 'none', source: '/proc', options: ['rbind', 'nosuid'] }
            : mount,
        );
        config.mounts = config.mounts.filter(({ type }) => type !== 'mqueue');
        config.linux.maskedPaths = [];
        delete config.linux.readonlyPaths;
        config.process.oomScoreAdj = 300;
      },
    );
    expect(status).toBe(0);
    expect(Number(stdout)).toBeGreaterThan(2);
    expect(stderr).toContain('Such configuration is strongly discouraged');
  });

  describe('refuses by name', () => {
    const properties: readonly [string, Change, string][] = [
      [
        'a config without a user namespace',
        (config) => {
          without('user')(config);
          delete config.linux.uidMappings;
          delete config.linux.gidMappings;
        },
        'rootless container requires user namespaces',
      ],
      [
        'network devices',
        (config) => {
          config.linux.netDevices = { eth0: {} };
          namespace('network')(config);
        },
        'network devices are not supported for rootless containers',
      ],
      [
        'mapped owners of mounts',
        addMount({ destination: '/tmp', type: 'bind', source: '/tmp', options: ['bind', 'idmap'] }),
        'id-mapped mounts are not supported for rootless containers',
      ],
      [
        'groups that it cannot take',
        (config) => {
          config.process.user = { uid: 0, gid: 0, additionalGids: [0] };
        },
        'cannot set any additional groups in a rootless container (process.user.additionalGids)',
      ],
      [
        'file systems of ids that are not mapped',
        (config) => {
          config.mounts = config.mounts.map((mount) =>
            mount.type === 'devpts'
              ? { ...mount, options: [...(mount.options ?? []), 'gid=5'] }
              : mount,
          );
        },
        'mounts[2]: cannot specify gid=5 mount option for rootless container: linux.gidMappings does not map 5',
      ],
      [
        'a user that is not mapped',
        (config) => {
          config.process.user = { uid: 7, gid: 0 };
        },
        'process.user: cannot become user 7 and group 0',
      ],
      [
        'a score below its own',
        (config) => {
          config.process.oomScoreAdj = -900;
        },
        'process.oomScoreAdj: cannot set the out-of-memory score adjustment to -900: permission denied',
      ],
      [
        'a limit of memory',
        limited({ memory: { limit: 1 << 26 } }),
        'linux.resources.memory.limit: rootless needs no limits + no cgrouppath when no permission is granted for cgroups',
      ],
      [
        'a limit on tasks',
        limited({ pids: { limit: 20 } }),
        'linux.resources.pids.limit: rootless needs no limits',
      ],
      [
        'a cgroup of others’',
        (config) => {
          config.linux.cgroupsPath = '/of-others/and-mine';
        },
        'linux.cgroupsPath: unable to apply cgroup configuration: cannot write to /sys/fs/cgroup',
      ],
    ];
    it.each(properties)('%s', async (_what, change, words) => {
      expect(await refusal(change)).toContain(words);
    });

    it('ids of which none are lent, and says which line would', async () => {
      const more: Change = (config) => {
        config.linux.uidMappings = [
          { containerID: 0, hostID: user.id, size: 1 },
          { containerID: 1, hostID: 1_300_000, size: 10 },
        ];
      };
      // of someone who has no name newuidmap does not even want to know that
      expect(await refusal(more)).toMatch(/linux\.uidMappings: newuidmap: /);
      const tools = join(stage.folder, 'tools');
      mkdirSync(tools);
      for (const tool of ['node', 'setpriv']) symlinkSync(`/usr/bin/${tool}`, join(tools, tool));
      const { message } = await stage.call(['run', '-b', bundle(more), stage.id()], {
        env: { PATH: tools },
      });
      expect(message).toContain('needs newuidmap to map more than its own id');
      expect(message).toContain('uidmap (Debian, Ubuntu)');
    });

    it('changes that need a cgroup', async () => {
      const id = await begin(sleeps);
      const update = await stage.call(['update', '--pids-limit', '5', id]);
      expect(update.message).toBe(
        'this host lacks a cgroup of this container, needed for linux.resources.pids.limit',
      );
      const pause = await stage.call(['pause', id]);
      expect(pause.message).toBe(
        'this host lacks a cgroup of this container, needed for pause and resume',
      );
      await stage.remove(id);
    });
  });

  it('does without cgroups unless told not to', async () => {
    const folder = bundle(sh('echo ran'));
    const call = (rootless: string) =>
      stage.call(['run', '-b', folder, stage.id()], {
        global: ['--root', stage.root, '--rootless', rootless],
      });
    expect(await call('auto')).toMatchObject({ status: 0, stdout: 'ran\n' });
    expect(await call('true')).toMatchObject({ status: 0, stdout: 'ran\n' });
    const { status, message } = await call('false');
    expect(status).toBe(1);
    expect(message).toMatch(/permission denied|operation not permitted/i);
  });

  it.skipIf(isV2)('cannot use systemd’s cgroups on v1', async () => {
    const options = { global: ['--root', stage.root, '--systemd-cgroup'] };
    const { message } = await stage.call(['run', '-b', bundle(), stage.id()], options);
    expect(message).toContain('cannot use rootless systemd cgroups manager on cgroup v1');
  });
});

describe.each(runtimes)('as root of a user namespace that is there, by $name', (runtime) => {
  const stage = useStage({ ...runtime, through: [...user.through, 'unshare', '-Ur'] });

  it('runs a container without another one', async () => {
    const script = 'id -u; stat -c %t:%T /dev/null; cat /proc/self/setgroups; ls /sys/class/net';
    const folder = stage.bundle(sh(script), (config) => {
      config.mounts = config.mounts.map((mount) => ({
        ...mount,
        ...(mount.options && { options: mount.options.filter((option) => option !== 'gid=5') }),
      }));
    });
    giveStage(stage, user);
    const { stdout } = await stage.ok(['run', '-b', folder, stage.id()]);
    expect(stdout).toBe('0\n1:3\ndeny\nlo\n');
  });

  it('does so with a user namespace below', async () => {
    const script = sh('cat /proc/self/uid_map; echo >/dev/null');
    const folder = stage.bundle(rootlessConfig({ ...user, id: 0 }), script);
    giveStage(stage, user);
    const { stdout } = await stage.ok(['run', '-b', folder, stage.id()]);
    expect(stdout.trim().split(/\s+/)).toEqual(['0', '0', '1']);
  });
});

describe('rootless, on a kernel without the newer calls', () => {
  const stage = useStage(of(user, { name: 'node', path: 'node' }));

  it('runs a container by the older ones', async () => {
    const script = 'id -u; cat /proc/self/uid_map; echo >/dev/null; ls /sys >/dev/null';
    const folder = rootlessBundle(stage, user, sh(script));
    const lib = join(import.meta.dirname, '../../dist/lib');
    const program = `
      import { composeRuntime } from '${lib}/compose.js';
      import { readCaller } from '${lib}/kernel/caller.js';
      import { makeWatch } from '${lib}/kernel/watch.js';
      const facts = ${JSON.stringify(classicKernel)};
      const log = { debugging: false, debug() {}, warning: console.error, error: console.error };
      const caller = readCaller({ PATH: process.env.PATH });
      const options = { log, caller, facts, watch: makeWatch(), cgroupManager: 'cgroupfs', rootless: 'auto' };
      const request = { noPivot: false, noNewKeyring: false, preserveFds: 0, detach: false, keep: false, noSubreaper: true };
      process.exitCode = await composeRuntime({ ...options, root: '${stage.root}' })
        .run({ ...request, id: '${stage.id()}', bundle: '${folder}' });`;
    const words = ['--input-type=module', '--eval', program];
    const { status, stdout, stderr } = await stage.call(words, { global: [] });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.trim().split(/\s+/)).toEqual(['0', '0', String(user.id), '1']);
  });
});
