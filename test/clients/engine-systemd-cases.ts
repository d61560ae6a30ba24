/**
 * What an engine whose cgroups systemd makes asks of a runtime: a scope, which has the limits and goes with its container.
 */
import { deepEqual, equal, match } from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { type Cases, skip } from './client.ts';
import { type Engine, noCgroups } from './engine.ts';
import { controlFile } from './processes.ts';

export const systemdCases: Cases<Engine> = {
  async 'cgroups made by systemd: a scope for the life of a container'(session) {
    const { ground, ok, ways, detached, inspect, pid, wholeId, remove } = session;
    if (!ground.systemd) skip('systemd is not process 1 here');
    if (!ways.hasCgroups) skip(noCgroups);
    const v1 = ground.cgroup === 'v1';
    const limits = ['--memory', '64m', '--memory-swap', '64m', '--pids-limit', '30'];
    const one = await detached([...limits, '--cpus', '0.5']);

    const cgroup = await cgroupOf(session, one);
    const scope = new RegExp(
      `/${ground.name}\\.slice/((docker|libpod)-${await wholeId(one)}\\.scope)`,
    );
    match(cgroup, scope);
    const unit = scope.exec(cgroup)?.[1] ?? '';
    const memory = v1 ? 'MemoryLimit' : 'MemoryMax';
    const names = ['ActiveState', 'Slice', 'Delegate', memory, 'TasksMax', 'CPUQuotaPerSecUSec'];
    const shown = async (): Promise<string[]> => {
      const words = [...ways.systemctl, 'show', unit, ...names.map((name) => `--property=${name}`)];
      return (await ground.ok(words)).stdout.trim().split('\n').toSorted();
    };
    const expected = (bytes: number, tasks: number, quota: string): string[] =>
      [
        'ActiveState=active',
        `Slice=${ground.name}.slice`,
        'Delegate=yes',
        `${memory}=${bytes}`,
        `TasksMax=${tasks}`,
        `CPUQuotaPerSecUSec=${quota}`,
      ].toSorted();
    deepEqual(await shown(), expected(67_108_864, 30, '500ms'));

    // what is executed is in it, too
    await ok(['exec', '--detach', one, 'sleep', '1000']);
    await ground.until('both', async () => {
      const processes = controlFile(await pid(one), v1 ? 'pids' : '', 'cgroup.procs').split('\n');
      return processes.length === 2;
    });
    const lines = (await ok(['top', one, ...ways.top])).trim().split('\n').slice(1);
    equal(lines.filter((line) => line.endsWith('sleep')).length, 2);
    const format = '{{.PIDs}} {{.MemUsage}}';
    const stats = await ok(['stats', '--no-stream', '--format', format, one]);
    match(stats, /^2 [\d.]+[kKM]?i?B \/ (64MiB|67.11MB)\n$/);

    await ok(['pause', one]);
    equal(await inspect(one, '{{.State.Status}}'), 'paused');
    await ok(['unpause', one]);
    await ok(['update', ...ways.update, one]);
    const tasks = ways.update.includes('--pids-limit') ? 55 : 30;
    deepEqual(await shown(), expected(134_217_728, tasks, '250ms'));

    const isGone = async (): Promise<boolean> =>
      !existsSync(folderOf(session, cgroup)) &&
      (await ground.ok([...ways.systemctl, 'show', unit, '--property=LoadState'])).stdout ===
        'LoadState=not-found\n';
    await ok(['stop', '--time', '0', one]);
    await ground.until('the scope to go with the process', isGone);
    await ok(['start', one]);
    equal(await cgroupOf(session, one), cgroup);
    equal((await shown()).includes('ActiveState=active'), true);
    await remove(one);
    await ground.until('the scope to go with the container', isGone);
  },
};

/** Where its process is, on v1 in systemd's own hierarchy. */
async function cgroupOf({ pid }: Engine, id: string): Promise<string> {
  const lines = readFileSync(`/proc/${await pid(id)}/cgroup`, 'utf8').split('\n');
  const own = lines.find((line) => /^\d+:(name=systemd)?:/.test(line)) ?? '';
  return own.split(':').slice(2).join(':');
}

const folderOf = ({ ground }: Engine, cgroup: string): string =>
  `/sys/fs/cgroup${ground.cgroup === 'v1' ? '/systemd' : ''}${cgroup}`;
