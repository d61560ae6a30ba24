/** Cgroups of a user who is not root: below one that systemd has given it, and by its own systemd. */
import { execaSync } from 'execa';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Change, setArgs, sh } from '../support/bundle-builder.ts';
import { limited } from '../support/control-files.ts';
import { cgroupsOf } from '../support/leftovers.ts';
import { sectionOf } from '../support/rootless-page.ts';
import { nobody as user, rootlessBundle } from '../support/rootless-user.ts';
import { executable, runtimes } from '../support/runtimes.ts';
import { until, useStage } from '../support/stage.ts';
import { systemdRuns, unifiedHost } from '../support/systemd-host.ts';
import { asUser, userManager, type UserManager } from '../support/user-manager.ts';

const name = `rootless-${process.pid}`;
const inSession = [...user.through, 'env', `XDG_RUNTIME_DIR=/run/${name}`, 'HOME=/'];
const inScope = [
  ...inSession,
  'systemd-run',
  '--quiet',
  '--user',
  '--scope',
  '--property=Delegate=yes',
  '--collect',
];

const limits = limited({ pids: { limit: 20 }, memory: { limit: 1 << 26 } });
const printsLimits = sh('cd /sys/fs/cgroup; cat pids.max memory.max');
const sleeps = setArgs('sleep', '60');

describe.skipIf(!systemdRuns || !unifiedHost)('with a systemd of the user’s own', () => {
  let manager: UserManager | undefined;
  beforeAll(() => {
    manager = userManager(name, true, user.id);
  });
  afterAll(() => manager?.stop());
  const systemctl = (...words: string[]): string =>
    manager ? asUser(manager, 'systemctl', '--user', ...words) : '';

  describe.each(runtimes)('in a delegated cgroup, by $name', (runtime) => {
    const stage = useStage({ ...runtime, through: inScope });
    const bundle = (...changes: Change[]) => rootlessBundle(stage, user, ...changes);

    it('has limits, and its cgroup ends with it', async () => {
      const { stdout } = await stage.ok(['run', '-b', bundle(limits, printsLimits), stage.id()]);
      expect(stdout).toBe(`20\n${1 << 26}\n`);
      expect(cgroupsOf(stage.name)).toEqual([]);
    });

    it('has limits that change, and is paused', async () => {
      const id = stage.id();
      await stage.ok(['run', '-d', '-b', bundle(limits, sleeps), id]);
      await stage.ok(['update', '--pids-limit', '33', id]);
      expect((await stage.ok(['exec', id, 'cat', '/sys/fs/cgroup/pids.max'])).stdout).toBe('33\n');
      await stage.ok(['pause', id]);
      expect(await stage.state(id)).toMatchObject({ status: 'paused' });
      await stage.ok(['resume', id]);
      expect(JSON.parse((await stage.ok(['events', '--stats', id])).stdout)).toMatchObject({
        data: { pids: { current: 1, limit: 33 } },
      });
      await stage.remove(id);
    });

    it('gives a container its cgroup, where it has one to write to', async () => {
      const changes: Change = (config) => {
        config.mounts = config.mounts.map((mount) =>
          mount.type === 'cgroup' ? { ...mount, options: ['nosuid', 'noexec', 'nodev'] } : mount,
        );
      };
      const makes = sh(
        'mkdir /sys/fs/cgroup/below && echo $$ >/sys/fs/cgroup/below/cgroup.procs && cat /proc/self/cgroup',
      );
      const { stdout } = await stage.ok(['run', '-b', bundle(changes, makes), stage.id()]);
      expect(stdout).toBe('0::/below\n');
    });
  });

  describe.each(runtimes)('outside of it, by $name', (runtime) => {
    const stage = useStage({ ...runtime, through: inSession });
    const bundle = (...changes: Change[]) => rootlessBundle(stage, user, ...changes);
    const systemd = () => ({ global: ['--root', stage.root, '--systemd-cgroup'] });

    it('execs into a delegated container, but not into its cgroup', async () => {
      const id = stage.id();
      const folder = bundle(sleeps);
      execaSync(
        inScope[0] ?? '',
        [...inScope.slice(1), runtime.path, '--root', stage.root, 'run', '-d', '-b', folder, id],
        { stdio: 'ignore' },
      );
      const { stdout, stderr } = await stage.ok(['exec', id, 'cat', '/sys/fs/cgroup/cgroup.procs']);
      // the cat is not among them
      expect(stdout).toBe('1\n');
      expect(stderr).toContain("the process is not in the container's cgroup");
      await stage.remove(id);
    });

    it('has systemd make a unit, with limits and every process in it', async () => {
      const id = stage.id();
      await stage.ok(['run', '-d', '-b', bundle(limits, sleeps), id], systemd());
      const unit = `runt-${id}.scope`;
      expect(
        systemctl('show', unit, '--property=TasksMax,Slice,ActiveState').split('\n').sort(),
      ).toEqual(['ActiveState=active', 'Slice=user.slice', 'TasksMax=20']);
      const { stdout, stderr } = await stage.ok(['exec', id, 'cat', '/sys/fs/cgroup/cgroup.procs']);
      // those of the container's pid namespace: its init and the cat
      expect({ processes: stdout.trim().split('\n').length, stderr }).toEqual({
        processes: 2,
        stderr: '',
      });
      await stage.ok(['update', '--pids-limit', '44', id]);
      expect((await stage.ok(['exec', id, 'cat', '/sys/fs/cgroup/pids.max'])).stdout).toBe('44\n');
      expect(systemctl('show', unit, '--property=TasksMax')).toBe('TasksMax=44');
      expect(JSON.parse((await stage.ok(['ps', '-f', 'json', id])).stdout)).toHaveLength(1);
      await stage.remove(id);
      await until(
        () => systemctl('list-units', '--all', '--plain', '--no-legend', unit) === '',
        unit,
      );
      expect(cgroupsOf(stage.name)).toEqual([]);
    });
  });

  describe.each(runtimes)('as root of a user namespace, by $name', (runtime) => {
    const stage = useStage({ ...runtime, through: [...inSession, 'unshare', '-Ur'] });

    it('asks the user’s systemd, too', async () => {
      const folder = rootlessBundle(stage, user, limits, printsLimits, (config) => {
        const own = [{ containerID: 0, hostID: 0, size: 1 }];
        config.linux.uidMappings = own;
        config.linux.gidMappings = own;
      });
      const { stdout } = await stage.ok(['run', '-b', folder, stage.id()], {
        global: ['--root', stage.root, '--systemd-cgroup'],
      });
      expect(stdout).toBe(`20\n${1 << 26}\n`);
    });
  });

  describe('what docs/rootless.md shows', () => {
    const stage = useStage({ name: 'sh', path: 'sh', through: inSession });

    it('has limits in both ways', async () => {
      const blocks = sectionOf('Cgroups');
      expect(blocks).toHaveLength(2);
      for (const { sh: script } of blocks) {
        const cwd = rootlessBundle(stage, user, limits, printsLimits);
        const env = { PATH: `${dirname(executable.path)}:${process.env['PATH'] ?? ''}` };
        const ended = await stage.call(['-euc', script], { global: [], cwd, env });
        expect(ended).toMatchObject({ status: 0, stdout: `20\n${1 << 26}\n` });
      }
    });
  });
});
