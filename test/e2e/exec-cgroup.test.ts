/** `exec --cgroup`, and what becomes of the processes in cgroups below the container's own. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { setArgs, sh, without } from '../support/bundle-builder.ts';
import { inCgroup, isV2 } from '../support/control-files.ts';
import { cgroupsOf, processesOf } from '../support/leftovers.ts';
import { runtimes } from '../support/runtimes.ts';
import { until, useStage } from '../support/stage.ts';

const sleeps = setArgs('sleep', '60');

describe.each(runtimes)('cgroups below a container’s own by $name', (runtime) => {
  const stage = useStage(runtime);

  const path = () => `/${stage.name}`;

  /** Made in every hierarchy, as a manager inside the container would. */
  const makeBelow = (name: string): void => {
    for (const own of cgroupsOf(stage.name).filter((found) => found.endsWith(path()))) {
      mkdirSync(`${own}/${name}`);
      if (isV2) continue;
      // v1 lets nobody in where there are no CPUs yet
      for (const file of ['cpuset.cpus', 'cpuset.mems'])
        if (existsSync(`${own}/${file}`))
          writeFileSync(`${own}/${name}/${file}`, readFileSync(`${own}/${file}`, 'utf8'));
    }
  };

  const inside = async (id: string): Promise<number[]> =>
    JSON.parse((await stage.ok(['ps', '-f', 'json', id])).stdout) as number[];

  /** Where the hierarchies have the process that the words start: one path for each that has a cgroup of ours. */
  const placesOf = async (id: string, ...words: readonly string[]): Promise<string[]> => {
    const argv = ['exec', ...words, id, 'cat', '/proc/self/cgroup'];
    const { stdout } = await stage.ok(argv);
    return stdout.split('\n').filter((line) => line.includes(path()));
  };

  const pathOf = (line: string | undefined): string => (line ?? '').replace(/^[^:]*:[^:]*:/, '');

  describe('exec --cgroup', () => {
    it('/ is the container’s own', async () => {
      const { id } = await stage.detached(sleeps, inCgroup(path()), without('cgroup'));
      const own = await placesOf(id);
      expect(own.length).toBeGreaterThan(0);
      expect(await placesOf(id, '--cgroup', '/')).toEqual(own);
      expect(own.every((line) => pathOf(line) === path())).toBe(true);
      await stage.remove(id);
    });

    it('a path is below it, in every hierarchy', async () => {
      const { id } = await stage.detached(sleeps, inCgroup(path()), without('cgroup'));
      makeBelow('sub');
      const own = await placesOf(id);
      for (const word of ['sub', '/sub', '/sub/../sub/']) {
        const places = await placesOf(id, '--cgroup', word);
        expect(places.map(pathOf)).toEqual(own.map(() => `${path()}/sub`));
      }
      await stage.remove(id);
    });

    it.skipIf(isV2)('CONTROLLER:PATH is for that hierarchy alone', async () => {
      const { id } = await stage.detached(sleeps, inCgroup(path()), without('cgroup'));
      makeBelow('sub');
      const places = await placesOf(id, '--cgroup', 'pids,memory:sub', '--cgroup', 'cpu:/');
      const below = places.filter((line) => pathOf(line) === `${path()}/sub`);
      expect(below.map((line) => line.split(':')[1] ?? '').toSorted()).toEqual(['memory', 'pids']);
      const others = places.filter((line) => !below.includes(line));
      expect(others.every((line) => pathOf(line) === path())).toBe(true);
      await stage.remove(id);
    });

    it('what leads out, is unknown or is not there is refused', async () => {
      const { id } = await stage.detached(sleeps, inCgroup(path()));
      const refused = async (word: string): Promise<string> => {
        const ended = await stage.call(['exec', '--cgroup', word, id, 'true']);
        expect(ended).toMatchObject({ status: 255, stdout: '' });
        return ended.message;
      };
      for (const word of ['..', '/..', 'sub/../../other'])
        expect(await refused(word)).toBe(`exec failed: bad sub cgroup path: ${word}`);
      if (!isV2)
        expect(await refused('whaaat:/')).toBe('exec failed: --cgroup: unknown controller whaaat');
      expect(await refused('nonexistent')).toMatch(/ adding pid .*o such file or directory/);
      if (!isV2)
        expect(await refused('pids:nonexistent')).toMatch(/ adding pid .*o such file or directory/);
      expect(await inside(id)).toHaveLength(1);
      await stage.remove(id);
    });
  });

  describe.each([
    ['its own', []],
    ['the host’s', ['pid']],
  ] as const)('where the pid namespace is %s', (_whose, shared) => {
    /** A container with a second process in a cgroup two below; each tells when it gets TERM, and goes on. */
    const nested = async (): Promise<{ id: string; said: () => string[] }> => {
      const script = 'trap "echo TERM" TERM; echo ready; while :; do sleep 0.01; done';
      const { id, ended } = await stage.detached(sh(script), inCgroup(path()), without(...shared));
      makeBelow('sub');
      makeBelow('sub/deeper');
      const words = ['exec', '--detach', '--cgroup', 'sub/deeper', id, 'sh', '-c', script];
      const second = await stage.ok(words);
      const said = () =>
        [ended, second].map(({ stdoutFile }) => readFileSync(stdoutFile, 'utf8').trim());
      await until(() => said().every((text) => text === 'ready'), 'both traps');
      return { id, said };
    };

    it('kill --all reaches them', async () => {
      const { id, said } = await nested();
      await stage.ok(['kill', '--all', id, 'TERM']);
      await until(() => said().every((text) => text === 'ready\nTERM'), 'both signals');
      await stage.ok(['kill', '--all', id, 'KILL']);
      await until(async () => (await inside(id)).length === 0, 'their end');
      await until(async () => (await stage.state(id))['status'] === 'stopped', 'the end');
      await stage.ok(['delete', id]);
      expect(cgroupsOf(stage.name)).toEqual([]);
    });

    it('delete --force takes them and their processes along', async () => {
      const { id } = await nested();
      expect(await stage.call(['delete', id])).toMatchObject({
        status: 1,
        message: `cannot delete container ${id} that is not stopped: running`,
      });
      await stage.ok(['delete', '--force', id]);
      expect(cgroupsOf(stage.name)).toEqual([]);
      expect(processesOf(stage.name)).toEqual([]);
      expect(await stage.call(['state', id])).toMatchObject({ status: 1 });
    });

    it('delete --force does so where they are paused', async () => {
      const { id } = await nested();
      await stage.ok(['pause', id]);
      await stage.ok(['delete', '--force', id]);
      expect(cgroupsOf(stage.name)).toEqual([]);
      expect(processesOf(stage.name)).toEqual([]);
    });
  });
});
