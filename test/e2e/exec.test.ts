/** `exec`: a further process in a container. */
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { setArgs, sh, without } from '../support/bundle-builder.ts';
import { cgroupsOf } from '../support/leftovers.ts';
import { receiver } from '../support/receiver.ts';
import { runtimes } from '../support/runtimes.ts';
import { until, useStage } from '../support/stage.ts';

describe.each(runtimes)('exec by $name', (runtime) => {
  const stage = useStage(runtime);
  const sleeper = () =>
    stage.detached(setArgs('sleep', '60'), (config) => {
      config.process.env = ['PATH=/bin', 'OWN=1'];
      config.process.user.umask = 0o27;
    });

  it('wants an id and a command', async () => {
    expect(await stage.call(['exec'])).toMatchObject({
      status: 1,
      message: expect.stringMatching(/runt: "exec" requires a minimum of 1 argument\(s\)$/),
    });
    expect(await stage.call(['exec', 'x'])).toMatchObject({
      status: 255,
      message: 'exec failed: exec args cannot be empty',
    });
  });

  it('answers 255 for what it cannot do', async () => {
    const { id } = await sleeper();
    for (const [words, text] of [
      [[`${id}-other`, 'true'], 'container does not exist'],
      [
        [id, 'absent'],
        'unable to start container process: exec: "absent": executable file not found in $PATH',
      ],
      [
        [id, '/absent'],
        'unable to start container process: exec: "/absent": stat /absent: no such file or directory',
      ],
      [
        [id, '/etc/passwd'],
        'unable to start container process: exec: "/etc/passwd": permission denied',
      ],
      [['--pid-file', '/nowhere/pid', id, 'true'], 'no such file or directory'],
      [['--cwd', '/absent', id, 'true'], 'process.cwd: cannot change to the folder /absent'],
      [['-p', '/absent.json', id], '/absent.json'],
    ] as const) {
      const { status, message } = await stage.call(['exec', ...words]);
      expect(status, words.join(' ')).toBe(255);
      expect(message).toContain('exec failed: ');
      expect(message).toContain(text);
    }
    await stage.remove(id);
  });

  it('answers with the status of the process', async () => {
    const { id } = await sleeper();
    for (const [script, status] of [
      ['exit 0', 0],
      ['exit 42', 42],
      ['exit 255', 255],
      ['kill -KILL $$', 137],
      ['kill -TERM $$', 143],
    ] as const)
      expect(await stage.call(['exec', id, 'sh', '-c', script])).toMatchObject({
        status,
        stderr: '',
      });
    await stage.remove(id);
  });

  it('is in the container: its namespaces, its cgroups, its environment', async () => {
    const { id } = await sleeper();
    const script =
      'for n in pid net ipc uts mnt; do [ $(readlink /proc/self/ns/$n) = $(readlink /proc/1/ns/$n) ] || echo $n; done; ' +
      'hostname; umask; pwd; echo $OWN $HOME';
    const { stdout } = await stage.ok(['exec', id, 'sh', '-c', script]);
    expect(stdout).toBe('runt\n0027\n/\n1 /root\n');
    const cgroups = await stage.ok(['exec', id, 'cat', '/proc/self/cgroup', '/proc/1/cgroup']);
    const lines = cgroups.stdout.trim().split('\n');
    expect(lines.slice(0, lines.length / 2)).toEqual(lines.slice(lines.length / 2));
    expect(cgroupsOf(id).length).toBeGreaterThan(0);
    await stage.remove(id);
  });

  it('takes cwd, env, user and groups', async () => {
    const { id } = await sleeper();
    const out = async (...words: string[]) => (await stage.ok(['exec', ...words])).stdout;
    expect(await out('--cwd', '/tmp', id, 'pwd')).toBe('/tmp\n');
    expect(
      await out('-e', 'A=1', '--env', 'OWN=2', '-e', 'A=3', id, 'sh', '-c', 'echo $A $OWN'),
    ).toBe('3 2\n');
    expect(await out('-u', '1000', id, 'sh', '-c', 'id -u; id -g; echo $HOME')).toBe(
      '1000\n0\n/home/user\n',
    );
    expect(await out('--user', '2000:3000', id, 'sh', '-c', 'id -u; id -g; echo $HOME')).toBe(
      '2000\n3000\n/\n',
    );
    expect(await out('-u', '1000', '-g', '100', '--additional-gids', '65534', id, 'id', '-G')).toBe(
      '0 100 65534\n',
    );
    for (const user of ['1x', '1:', 'root', '4294967296', '-1'])
      expect(await stage.call(['exec', `--user=${user}`, id, 'true']), user).toMatchObject({
        status: 255,
      });
    await stage.remove(id);
  });

  it('adds capabilities, but none that is inheritable', async () => {
    const { id } = await sleeper();
    const caps = await stage.ok([
      'exec',
      '--cap',
      'CAP_NET_RAW',
      id,
      'grep',
      'Cap',
      '/proc/self/status',
    ]);
    const bits = (1n << 13n) | 0x20000420n;
    const hex = bits.toString(16).padStart(16, '0');
    expect(caps.stdout).toBe(
      `CapInh:\t${'0'.repeat(16)}\nCapPrm:\t${hex}\nCapEff:\t${hex}\nCapBnd:\t${hex}\nCapAmb:\t${'0'.repeat(16)}\n`,
    );
    await stage.remove(id);
  });

  it('takes a whole process from a file', async () => {
    const { id } = await sleeper();
    const file = join(stage.folder, 'process.json');
    const process = {
      args: ['sh', '-c', 'pwd; id -u; env; grep NoNew /proc/self/status; ulimit -n'],
      cwd: '/tmp',
      env: ['PATH=/bin', 'B=2'],
      user: { uid: 1000, gid: 1000 },
      noNewPrivileges: true,
      rlimits: [{ type: 'RLIMIT_NOFILE', soft: 100, hard: 200 }],
    };
    writeFileSync(file, JSON.stringify(process));
    const { stdout } = await stage.ok(['exec', '--process', file, id]);
    expect(
      stdout
        .replace(/^(SHLVL|PWD)=.*\n/gm, '')
        .split('\n')
        .toSorted(),
    ).toEqual(
      [
        '',
        '/tmp',
        '1000',
        '100',
        'B=2',
        'HOME=/home/user',
        'NoNewPrivs:\t1',
        'PATH=/bin',
      ].toSorted(),
    );
    writeFileSync(file, '{"args": ["true"], "cwd": "relative"}');
    expect(await stage.call(['exec', '-p', file, id])).toMatchObject({ status: 255 });
    writeFileSync(file, '{"args": ["true"],, }');
    const broken = await stage.call(['exec', '-p', file, id]);
    expect(broken).toMatchObject({ status: 255 });
    expect(broken.message).toContain(`${file}:1:19: `);
    await stage.remove(id);
  });

  it('detaches, writes the pid, and hands over descriptors and sockets', async () => {
    const { id } = await sleeper();
    const pidfd = await receiver(stage, 'pidfd');
    const console = await receiver(stage, 'console');
    const file = join(stage.folder, 'given');
    writeFileSync(file, 'given\n');
    const descriptor = openSync(file, 'r');
    const flags = ['-d', '-t', '--pid-file', 'pid', '--pidfd-socket', pidfd.path];
    await stage.ok(
      [
        'exec',
        ...flags,
        '--console-socket',
        console.path,
        '--preserve-fds',
        '1',
        id,
        'sh',
        '-c',
        'cat <&3; sleep 0.3',
      ],
      { descriptors: [descriptor] },
    );
    closeSync(descriptor);
    const pid = readFileSync(join(stage.folder, 'pid'), 'utf8');
    await pidfd.end();
    expect(pidfd.said()).toContain(`payload setns\ndescriptor anon_inode:[pidfd]\nPid:\t${pid}\n`);
    await until(() => console.said().includes('given\r\n'), 'the terminal');
    await console.end();
    await stage.remove(id);
  });

  it('works while the container waits for its start, and not when it is stopped or paused', async () => {
    const id = stage.id();
    await stage.ok(['create', '-b', stage.bundle(setArgs('sleep', '60')), id]);
    expect((await stage.ok(['exec', id, 'echo', 'before'])).stdout).toBe('before\n');
    const freezer = cgroupsOf(id).find((path) => path.includes('/freezer/'));
    if (freezer !== undefined) {
      writeFileSync(join(freezer, 'freezer.state'), 'FROZEN');
      const paused = await stage.call(['exec', id, 'true']);
      expect(paused).toMatchObject({ status: 255 });
      expect(paused.message).toContain('exec failed: cannot exec in a paused container');
      writeFileSync(join(freezer, 'freezer.state'), 'THAWED');
    }
    await stage.ok(['kill', id, 'KILL']);
    await expect.poll(() => stage.state(id)).toMatchObject({ status: 'stopped' });
    expect(await stage.call(['exec', id, 'true'])).toMatchObject({
      status: 255,
      message: 'exec failed: cannot exec in a stopped container',
    });
    await stage.remove(id);
  });

  it('works in a user namespace, and where the pid namespace is the host’s', async () => {
    const mapped = await stage.detached(setArgs('sleep', '60'), (config) => {
      config.linux.namespaces = [...config.linux.namespaces, { type: 'user' }];
      config.linux.uidMappings = [{ containerID: 0, hostID: 100_000, size: 65_536 }];
      config.linux.gidMappings = [{ containerID: 0, hostID: 100_000, size: 65_536 }];
      config.mounts = config.mounts.filter(({ type }) => type !== 'cgroup');
    });
    const seen = await stage.ok(['exec', mapped.id, 'sh', '-c', 'id -u; cat /proc/self/uid_map']);
    expect(seen.stdout.replace(/ +/g, ' ')).toBe('0\n 0 100000 65536\n');
    const shared = await stage.detached(sh('sleep 60'), without('pid'));
    expect((await stage.ok(['exec', shared.id, 'echo', 'here'])).stdout).toBe('here\n');
    await stage.remove(mapped.id, shared.id);
  });
});
