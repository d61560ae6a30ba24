/** `update`: other limits for a container that is there. What each becomes is in limits.test.ts and test/cgroup. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Resources } from '../../src/bundle/config.ts';
import { setArgs } from '../support/bundle-builder.ts';
import { control, inCgroup, isV2, limited } from '../support/control-files.ts';
import { runtimes } from '../support/runtimes.ts';
import { until, useStage } from '../support/stage.ts';

const mega = 2 ** 20;

const first: Resources = {
  memory: { limit: 64 * mega, swap: 80 * mega, reservation: 32 * mega },
  cpu: { shares: 512, quota: 20_000, period: 100_000 },
  pids: { limit: 20 },
};

const firstFiles = {
  'memory.limit_in_bytes': String(64 * mega),
  'memory.memsw.limit_in_bytes': String(80 * mega),
  'memory.soft_limit_in_bytes': String(32 * mega),
  'cpu.shares': '512',
  'cpu.cfs_quota_us': '20000',
  'cpu.cfs_period_us': '100000',
  'pids.max': '20',
};

// the names are v1's; those of v2 are in the virtual machine's test
describe.skipIf(isV2).each(runtimes)('update by $name', (runtime) => {
  const stage = useStage(runtime);

  const path = () => `/${stage.name}`;

  const started = async (): Promise<string> => {
    const { id } = await stage.detached(setArgs('sleep', '60'), inCgroup(path()), limited(first));
    return id;
  };

  /** The first limits, but for those that have changed. */
  const expectFiles = (changed: Readonly<Record<string, string>> = {}): void => {
    const wanted = { ...firstFiles, ...changed };
    const found = Object.keys(wanted).map((file) => [file, control(path(), file)]);
    expect(Object.fromEntries(found)).toEqual(wanted);
  };

  it('wants one id, of a container that is there, and values that it can read', async () => {
    expect(await stage.call(['update'])).toMatchObject({
      status: 1,
      message: expect.stringMatching(/runt: "update" requires exactly 1 argument\(s\)$/),
    });
    expect(await stage.call(['update', '--pids-limit', '5', stage.id()])).toMatchObject({
      status: 1,
      message: 'container does not exist',
    });
    expect(await stage.call(['update', '--memory', '1 potato', stage.id()])).toMatchObject({
      status: 1,
      message:
        'invalid value "1 potato" for --memory: want bytes, such as 512m or 1073741824, or -1 for no limit',
    });
    expect(await stage.call(['update', '--pids-limit', '1m', stage.id()])).toMatchObject({
      status: 1,
      message: 'invalid value "1m" for --pids-limit: want a whole number',
    });
  });

  it('changes what its options name, and nothing else', async () => {
    const id = await started();
    expectFiles();
    await stage.ok(['update', '--pids-limit', '10', id]);
    expectFiles({ 'pids.max': '10' });
    await stage.ok(['update', '--memory', '32m', '--memory-swap', '48m', id]);
    const memory = {
      'pids.max': '10',
      'memory.limit_in_bytes': String(32 * mega),
      'memory.memsw.limit_in_bytes': String(48 * mega),
    };
    expectFiles(memory);
    // a limit that grows above the old one of memory and swap together
    await stage.ok(['update', '--memory-swap', '200m', '--memory', '128m', id]);
    const more = {
      ...memory,
      'memory.limit_in_bytes': String(128 * mega),
      'memory.memsw.limit_in_bytes': String(200 * mega),
    };
    expectFiles(more);
    const cpu = ['--cpu-period', '50000', '--cpu-quota', '5000', '--cpu-share', '100'];
    await stage.ok(['update', ...cpu, '--cpuset-cpus', '0', '--memory-reservation', '16m', id]);
    expectFiles({
      ...more,
      'memory.soft_limit_in_bytes': String(16 * mega),
      'cpu.cfs_period_us': '50000',
      'cpu.cfs_quota_us': '5000',
      'cpu.shares': '100',
      'cpuset.cpus': '0',
    });
    await stage.remove(id);
  });

  it('takes limits away with -1', async () => {
    const id = await started();
    await stage.ok(['update', '--pids-limit', '-1', '--cpu-quota', '-1', '--memory', '-1', id]);
    const unlimited = control('', 'memory.limit_in_bytes');
    expectFiles({
      'pids.max': 'max',
      'cpu.cfs_quota_us': '-1',
      'memory.limit_in_bytes': unlimited,
      'memory.memsw.limit_in_bytes': unlimited,
    });
    await stage.remove(id);
  });

  it('reads limits from a file, or from standard input', async () => {
    const id = await started();
    const file = join(stage.folder, 'limits.json');
    writeFileSync(file, JSON.stringify({ pids: { limit: 11 }, cpu: { shares: 200 } }));
    // the other options are ignored then, as runc does
    await stage.ok(['update', '-r', file, '--cpu-share', '300', id]);
    expectFiles({ 'pids.max': '11', 'cpu.shares': '200' });
    const input = JSON.stringify({ memory: { limit: 16 * mega }, pids: { limit: 12 } });
    await stage.ok(['update', '--resources', '-', id], { input });
    expectFiles({
      'pids.max': '12',
      'cpu.shares': '200',
      'memory.limit_in_bytes': String(16 * mega),
    });
    await stage.remove(id);
  });

  it('refuses a document that is none, or asks for what cannot be', async () => {
    const id = await started();
    const refused = async (input: string): Promise<string> => {
      const ended = await stage.call(['update', '-r', '-', id], { input });
      expect(ended.status).toBe(1);
      expectFiles();
      return ended.message;
    };
    expect(await refused('{"pids":')).toMatch(/^standard input:1:\d+: /);
    expect(await refused('{"pids":{"limit":"many"}}')).toContain('/pids/limit: ');
    expect(await refused('{"memory":{"swap":1048576}}')).toContain('/memory/swap: ');
    expect(await stage.call(['update', '-r', '/no/such/file', id])).toMatchObject({
      status: 1,
      message: expect.stringContaining('no such file or directory') as string,
    });
    await stage.remove(id);
  });

  it('puts everything back when a part is refused', async () => {
    const id = await started();
    const changes = ['--memory', '32m', '--pids-limit', '10', '--cpu-share', '100'];
    for (const [option, value, message] of [
      ['--cpu-quota', '5', 'linux.resources.cpu.quota: cannot write "5" to cpu.cfs_quota_us: '],
      ['--cpuset-cpus', '4095', 'linux.resources.cpu.cpus: cannot write "4095" to cpuset.cpus: '],
    ] as const) {
      const ended = await stage.call(['update', ...changes, option, value, id]);
      expect(ended.status).toBe(1);
      expect(ended.message).toContain(message);
      expectFiles();
    }
    // nor is what was refused remembered
    await stage.ok(['update', '--pids-limit', '15', id]);
    expectFiles({ 'pids.max': '15' });
    await stage.remove(id);
  });

  it('leaves a paused container paused', async () => {
    const id = await started();
    await stage.ok(['pause', id]);
    await stage.ok(['update', '--pids-limit', '10', '--memory', '32m', id]);
    expect(await stage.state(id)).toMatchObject({ status: 'paused' });
    expectFiles({ 'pids.max': '10', 'memory.limit_in_bytes': String(32 * mega) });
    await stage.ok(['resume', id]);
    expect(await stage.state(id)).toMatchObject({ status: 'running' });
    await stage.remove(id);
  });

  it('is for a created container, too, and not for a stopped one', async () => {
    const id = stage.id();
    const bundle = stage.bundle(setArgs('sleep', '60'), inCgroup(path()), limited(first));
    await stage.ok(['create', '-b', bundle, id]);
    await stage.ok(['update', '--pids-limit', '10', id]);
    expectFiles({ 'pids.max': '10' });
    await stage.ok(['start', id]);
    expectFiles({ 'pids.max': '10' });
    await stage.ok(['kill', id, 'KILL']);
    await until(async () => (await stage.state(id))['status'] === 'stopped', 'the end');
    expect(await stage.call(['update', '--pids-limit', '11', id])).toMatchObject({
      status: 1,
      message: 'container not running',
    });
    await stage.remove(id);
  });
});
