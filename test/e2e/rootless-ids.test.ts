/** Containers of a user who is not root and has been lent ranges of ids. */
import { chmodSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { addMount, type Change, setArgs, sh } from '../support/bundle-builder.ts';
import {
  lent,
  lentUser as user,
  of,
  rootlessBundle,
  withLentIds,
} from '../support/rootless-user.ts';
import { runtimes } from '../support/runtimes.ts';
import { type Ended, useStage } from '../support/stage.ts';

const mayChown: Change = (config) => {
  config.root.readonly = false;
  const set = ['CAP_CHOWN'];
  config.process.capabilities = { bounding: set, effective: set, permitted: set };
};

describe.each(runtimes)('rootless, with ranges of ids, by $name', (runtime) => {
  const stage = useStage(of(user, runtime));

  const bundle = (...changes: Change[]): string =>
    rootlessBundle(stage, user, withLentIds(user), ...changes);
  const run = (...changes: Change[]): Promise<Ended> =>
    stage.call(['run', '-b', bundle(...changes), stage.id()]);
  const lines = async (...changes: Change[]): Promise<string[]> => {
    const ended = await run(...changes);
    expect(ended).toMatchObject({ status: 0, stderr: '' });
    return ended.stdout.split('\n').slice(0, -1);
  };
  const isUser =
    (uid: number, gid: number, ...additionalGids: number[]): Change =>
    (config) => {
      config.process.user = { uid, gid, ...(additionalGids.length > 0 && { additionalGids }) };
    };

  it('maps them by newuidmap and newgidmap', async () => {
    const found = await lines(sh('cat /proc/self/uid_map /proc/self/gid_map /proc/self/setgroups'));
    expect(found.map((line) => line.trim().split(/\s+/).join(' '))).toEqual([
      `0 ${user.id} 1`,
      `1 ${lent.uid} ${lent.size}`,
      `0 ${user.id} 1`,
      `1 ${lent.gid} ${lent.size}`,
      'allow',
    ]);
  });

  it('runs as any of them, with groups, on a terminal of group 5', async () => {
    const found = await lines(
      isUser(1000, 100, 5, 7),
      sh('id; touch /tmp/mine; stat -c %g /dev/pts/ptmx'),
      (config) => {
        config.mounts = [
          ...config.mounts.map((mount) =>
            mount.type === 'devpts'
              ? { ...mount, options: [...(mount.options ?? []), 'gid=5'] }
              : mount,
          ),
          { destination: '/tmp', type: 'tmpfs', source: 'tmpfs', options: ['mode=1777'] },
        ];
        config.process.terminal = false;
      },
    );
    expect(found[0]).toMatch(/^uid=1000\S* gid=100 groups=5,7/);
  });

  it('execs as another, and tells, signals and ends what runs as they', async () => {
    const id = stage.id();
    const options = { env: {} };
    const sleeps: Change[] = [isUser(1000, 1000), setArgs('sleep', '60')];
    await stage.ok(['create', '-b', bundle(...sleeps), id], options);
    expect((await stage.ok(['exec', id, 'id', '-u'])).stdout).toBe('1000\n');
    await stage.ok(['start', id]);
    const { stdout } = await stage.ok([
      'exec',
      '--user',
      '7:8',
      '--additional-gids',
      '9',
      id,
      'id',
    ]);
    expect(stdout).toMatch(/^uid=7 gid=8 groups=(8,)?9/);
    const [pid] = JSON.parse((await stage.ok(['ps', '-f', 'json', id])).stdout) as number[];
    expect(statSync(`/proc/${pid}`).uid).toBe(lent.uid + 999);
    await stage.ok(['kill', id, 'TERM']);
    await stage.ok(['delete', '--force', id]);
  });

  it('leaves files of the ids as the host has them', async () => {
    const folder = bundle(mayChown, sh('mkdir /home/new && chown 33:44 /home/new'));
    await stage.ok(['run', '-b', folder, stage.id()]);
    const { uid, gid } = statSync(`${folder}/rootfs/home/new`);
    expect([uid, gid]).toEqual([lent.uid + 32, lent.gid + 43]);
  });

  it('reaches what only the user can, though its root is another id', async () => {
    const folder = bundle(
      sh('id -u; cat /etc/passwd | head -n 1; stat -c %u /; cat /home/user/x'),
      (config) => {
        config.linux.uidMappings = [{ containerID: 0, hostID: lent.uid, size: 100 }];
        config.linux.gidMappings = [{ containerID: 0, hostID: lent.gid, size: 100 }];
      },
      addMount({
        destination: '/home',
        type: 'bind',
        source: 'rootfs/etc',
        options: ['bind', 'ro'],
      }),
    );
    chmodSync(folder, 0o700);
    const { stdout } = await stage.call(['run', '-b', folder, stage.id()]);
    expect(stdout.split('\n').slice(0, 3)).toEqual(['0', 'root:x:0:0:root:/root:/bin/sh', '65534']);
  });

  it('does not need an id 0', async () => {
    const found = await lines(
      isUser(1000, 1000),
      sh('id -u; id -g; cat /proc/self/uid_map; echo >/dev/null'),
      (config) => {
        config.linux.uidMappings = [{ containerID: 1000, hostID: user.id, size: 1 }];
        config.linux.gidMappings = [{ containerID: 1000, hostID: user.id, size: 1 }];
      },
    );
    expect(found.map((line) => line.trim().split(/\s+/).join(' '))).toEqual([
      '1000',
      '1000',
      `1000 ${user.id} 1`,
    ]);
  });

  it('binds a source whose flags are locked, and leaves them', async () => {
    const bound = (...options: string[]): Change[] => [
      addMount({ destination: '/tmp', type: 'bind', source: '/mnt', options }),
      sh('grep " /tmp " /proc/mounts'),
    ];
    for (const options of [['bind'], ['bind', 'rw'], ['rbind', 'noexec', 'rprivate']]) {
      const [line = ''] = await lines(...bound(...options));
      expect(line.split(' ')[3]?.split(',')).toEqual(expect.arrayContaining(['nosuid', 'nodev']));
    }
    const { status, message } = await run(...bound('bind', 'dev'));
    expect(status).toBe(1);
    expect(message).toMatch(
      /mounts\[\d\]: cannot set the flags of the mount on \/tmp: .*cannot clear or change locked flags/,
    );
  });

  it('says which ids are not lent, and which line would lend them', async () => {
    const { status, message } = await run((config) => {
      config.linux.uidMappings = [{ containerID: 0, hostID: lent.uid + 1, size: lent.size }];
    });
    expect(status).toBe(1);
    const range = `all ids from ${lent.uid + 1} to ${lent.uid + lent.size}`;
    expect(message).toMatch(/^runt run failed: linux\.uidMappings: newuidmap: /);
    expect(message).toContain(
      `/etc/subuid does not lend runt-e2e ${range} (a line that does: runt-e2e:${lent.uid + 1}:${lent.size})`,
    );
  });

  it('has nothing left of its ways on the machine', () => {
    for (const file of ['passwd', 'subuid', 'subgid'])
      expect(readFileSync(`/etc/${file}`, 'utf8')).not.toContain('runt-e2e');
  });
});
