/** Cgroups of v1 and a user who is not root: the caller's, or some of the user's own. */
import { mkdirSync, rmdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { execaSync } from 'execa';
import { describe, expect, it } from 'vitest';
import { readLayout } from '../../src/cgroup/apply/read-layout.ts';
import { type Change, setArgs, sh } from '../support/bundle-builder.ts';
import { control, inCgroup, isV2, limited } from '../support/control-files.ts';
import { aloneUser as user, of, rootlessBundle } from '../support/rootless-user.ts';
import { runtimes } from '../support/runtimes.ts';
import { type Ended, useStage } from '../support/stage.ts';

const sleeps = setArgs('sleep', '60');

describe.skipIf(isV2).each(runtimes)('rootless, on cgroups of v1, by $name', (runtime) => {
  const stage = useStage(of(user, runtime));

  const run = (...changes: Change[]): Promise<Ended> =>
    stage.call(['run', '-b', rootlessBundle(stage, user, ...changes), stage.id()]);

  it('sees the caller’s where it has none, and others are mounted over them', async () => {
    const folders = readLayout()
      .hierarchies.filter(({ version }) => version === 1)
      .map(({ mountpoint }) => basename(mountpoint));
    const files = folders.map((folder) => `/sys/fs/cgroup/${folder}/cgroup.procs`);
    for (const isPrivate of [false, true]) {
      const { status, stdout } = await run(sh(`ls ${files.join(' ')}`), (config) => {
        if (isPrivate) config.linux.namespaces.push({ type: 'cgroup' });
      });
      expect({ status, stdout }).toEqual({ status: 0, stdout: `${files.sort().join('\n')}\n` });
    }
    // as Podman does for a systemd inside
    const [first = ''] = folders;
    const { status, stdout } = await run(sh(`ls /sys/fs/cgroup/${first}`), (config) => {
      const destination = `/sys/fs/cgroup/${first}`;
      const source = join(stage.folder, 'over');
      mkdirSync(join(source, 'seen'), { recursive: true });
      config.mounts.push({ destination, type: 'bind', source, options: ['bind', 'ro'] });
    });
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'seen\n' });
  });

  it('has limits in its own, and every verb that needs a cgroup', async () => {
    const own = `/${stage.name}`;
    const folders = readLayout().hierarchies.map(({ mountpoint }) => mountpoint + own);
    for (const folder of folders) {
      mkdirSync(folder);
      // of a cpuset, a cgroup below takes its processors
      execaSync('chown', ['-R', `${user.id}:${user.id}`, folder]);
    }
    try {
      const id = stage.id();
      const changes = [
        sleeps,
        inCgroup(`${own}/c`),
        limited({ pids: { limit: 20 }, memory: { limit: 1 << 26 } }),
      ];
      await stage.ok(['run', '-d', '-b', rootlessBundle(stage, user, ...changes), id]);
      expect(control(`${own}/c`, 'memory.limit_in_bytes')).toBe(String(1 << 26));
      await stage.ok(['exec', '-d', id, 'sleep', '60']);
      expect(JSON.parse((await stage.ok(['ps', '-f', 'json', id])).stdout)).toHaveLength(2);
      await stage.ok(['update', '--pids-limit', '33', id]);
      expect(control(`${own}/c`, 'pids.max')).toBe('33');
      await stage.ok(['pause', id]);
      expect(await stage.state(id)).toMatchObject({ status: 'paused' });
      await stage.ok(['resume', id]);
      await stage.remove(id);
    } finally {
      for (const folder of folders) rmdirSync(folder);
    }
  });
});
