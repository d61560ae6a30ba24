/** linux.resources on a host with cgroup v1: what is written, what it does, and what is refused. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Resources } from '../../src/bundle/config.ts';
import { blockDevice } from '../support/block-device.ts';
import { setArgs, sh } from '../support/bundle-builder.ts';
import {
  cgroupFolder,
  control,
  hasHierarchy,
  inCgroup,
  isV2,
  limited,
} from '../support/control-files.ts';
import { cgroupsOf } from '../support/leftovers.ts';
import { runtimes } from '../support/runtimes.ts';
import { until, useStage } from '../support/stage.ts';

const mega = 2 ** 20;

/** Fills what memory it gets: a limit ends it. */
const glutton = sh('x=0123456789; while :; do x=$x$x; done');

describe.each(runtimes)('limits by $name', (runtime) => {
  const stage = useStage(runtime);

  const path = () => `/${stage.name}`;

  const create = async (...resources: readonly Resources[]): Promise<string> => {
    const id = stage.id();
    const bundle = stage.bundle(
      setArgs('sleep', '60'),
      inCgroup(path()),
      ...resources.map(limited),
    );
    await stage.ok(['create', '-b', bundle, id]);
    return id;
  };

  describe.skipIf(isV2)('on v1', () => {
    it.each<readonly [Resources, Readonly<Record<string, string>>]>([
      [
        {
          memory: {
            limit: 64 * mega,
            swap: 80 * mega,
            reservation: 32 * mega,
            kernelTCP: 16 * mega,
            swappiness: 0,
            useHierarchy: true,
          },
        },
        {
          'memory.limit_in_bytes': String(64 * mega),
          'memory.memsw.limit_in_bytes': String(80 * mega),
          'memory.soft_limit_in_bytes': String(32 * mega),
          'memory.kmem.tcp.limit_in_bytes': String(16 * mega),
          'memory.swappiness': '0',
          'memory.use_hierarchy': '1',
        },
      ],
      [
        { memory: { disableOOMKiller: true } },
        { 'memory.oom_control': 'oom_kill_disable 1\nunder_oom 0\noom_kill 0' },
      ],
      [
        { cpu: { shares: 700, quota: 50_000, period: 200_000, burst: 20_000 } },
        {
          'cpu.shares': '700',
          'cpu.cfs_quota_us': '50000',
          'cpu.cfs_period_us': '200000',
          'cpu.cfs_burst_us': '20000',
          'cpu.idle': '0',
        },
      ],
      [{ cpu: { idle: 1 } }, { 'cpu.idle': '1' }],
      [{ cpu: { cpus: '0', mems: '0' } }, { 'cpuset.cpus': '0', 'cpuset.mems': '0' }],
      [{ pids: { limit: 20 } }, { 'pids.max': '20' }],
      [{ pids: { limit: 0 } }, { 'pids.max': '1' }],
      [{ pids: { limit: -1 } }, { 'pids.max': 'max' }],
      [
        { memory: { limit: 0, swap: 0, reservation: 0 }, cpu: { shares: 0, quota: 0, period: 0 } },
        { 'cpu.shares': '1024', 'cpu.cfs_quota_us': '-1', 'cpu.cfs_period_us': '100000' },
      ],
    ])('%j', async (resources, files) => {
      const id = await create(resources);
      for (const [file, value] of Object.entries(files)) expect(control(path(), file)).toBe(value);
      await stage.remove(id);
    });

    it('throttles of a block device', async ({ skip }) => {
      const device = blockDevice();
      if (device === undefined || !hasHierarchy('blkio')) return skip('no block device');
      const rated = (rate: number) => [{ ...device, rate }];
      const id = await create({
        blockIO: {
          throttleReadBpsDevice: rated(mega),
          throttleWriteBpsDevice: rated(2 * mega),
          throttleReadIOPSDevice: rated(300),
          throttleWriteIOPSDevice: rated(400),
        },
      });
      const files = ['read_bps', 'write_bps', 'read_iops', 'write_iops'];
      const key = `${device.major}:${device.minor}`;
      expect(files.map((name) => control(path(), `blkio.throttle.${name}_device`))).toEqual([
        `${key} ${mega}`,
        `${key} ${2 * mega}`,
        `${key} 300`,
        `${key} 400`,
      ]);
      await stage.remove(id);
      return undefined;
    });

    it('weights of block devices', async ({ skip }) => {
      const id = await create();
      const file = ['blkio.bfq.weight', 'blkio.weight'].find((name) =>
        existsSync(`${cgroupFolder(path(), 'blkio')}/${name}`),
      );
      await stage.remove(id);
      if (file === undefined) return skip('no scheduler with weights');
      const weighted = await create({ blockIO: { weight: 500 } });
      expect(control(path(), file)).toBe('500');
      await stage.remove(weighted);
      return undefined;
    });

    it('a realtime budget', async ({ skip }) => {
      const id = await create();
      const has = existsSync(`${cgroupFolder(path(), 'cpu')}/cpu.rt_runtime_us`);
      await stage.remove(id);
      if (!has) return skip('a kernel without realtime groups');
      const limit = await create({ cpu: { realtimePeriod: 500_000, realtimeRuntime: 0 } });
      expect(control(path(), 'cpu.rt_period_us')).toBe('500000');
      await stage.remove(limit);
      return undefined;
    });

    it('network classes and priorities', async ({ skip }) => {
      if (!hasHierarchy('net_cls') || !hasHierarchy('net_prio')) return skip('not mounted here');
      const id = await create({
        network: { classID: 1_048_577, priorities: [{ name: 'lo', priority: 7 }] },
      });
      expect(control(path(), 'net_cls.classid')).toBe('1048577');
      expect(control(path(), 'net_prio.ifpriomap')).toContain('lo 7');
      await stage.remove(id);
      return undefined;
    });
  });

  it('memory that runs out ends the container, and events says so', async () => {
    const id = stage.id();
    const bundle = stage.bundle(
      glutton,
      inCgroup(path()),
      limited({ memory: { limit: 8 * mega } }),
    );
    await stage.ok(['create', '-b', bundle, id]);
    const told = stage.begin(['events', '--interval', '100ms', id]);
    // whoever tells of use listens, too: started before, the end could come first
    await until(() => told.printed().startsWith('{"type":"stats",'), 'the first line');
    await stage.ok(['start', id]);
    const { status, stdout } = await told.ended;
    expect(status).toBe(0);
    const oom = `{"type":"oom","id":"${id}"}`;
    const others = stdout
      .split('\n')
      .filter((line) => line && !line.startsWith('{"type":"stats",'));
    expect([...new Set(others)]).toEqual([oom]);
    await expect.poll(() => stage.state(id)).toMatchObject({ status: 'stopped' });
    await stage.remove(id);
  });

  it('a foreground container that memory ran out for is ended by SIGKILL', async () => {
    const ended = await stage.run(glutton, limited({ memory: { limit: 8 * mega } }));
    expect(ended).toMatchObject({ status: 137 });
  });

  it('a limit of tasks refuses a fork', async () => {
    const forks = sh('sleep 0.1 & sleep 0.1 & sleep 0.1 & wait; echo forked');
    const few = await stage.run(forks, limited({ pids: { limit: 2 } }));
    expect(few.stdout).not.toContain('forked');
    expect(few.stderr).toContain("can't fork");
    const none = await stage.run(sh('sleep 0.1; echo slept'), limited({ pids: { limit: 0 } }));
    expect(none.stderr).toContain("can't fork");
    const enough = await stage.run(forks, limited({ pids: { limit: 4 } }));
    expect(enough).toMatchObject({ status: 0, stdout: 'forked\n' });
  });

  it('a container sees the CPUs that it was given', async () => {
    const [line] = await stage.lines(
      sh('grep Cpus_allowed_list /proc/self/status'),
      limited({ cpu: { cpus: '0' } }),
    );
    expect(line).toBe('Cpus_allowed_list:\t0');
  });

  it('CPU time is throttled', async () => {
    const { id } = await stage.detached(
      sh('while :; do :; done'),
      inCgroup(path()),
      limited({ cpu: { quota: 2000, period: 20_000 } }),
    );
    await until(() => /^nr_throttled [1-9]/m.test(control(path(), 'cpu.stat')), 'throttling');
    await stage.remove(id);
  });

  describe('what cannot be is one sentence, and leaves nothing', () => {
    const refused = async (resources: Resources): Promise<string> => {
      const id = stage.id();
      const bundle = stage.bundle(setArgs('true'), inCgroup(path()), limited(resources));
      const ended = await stage.call(['create', '-b', bundle, id]);
      expect(ended.status).toBe(1);
      expect(ended.stderr.trim().split('\n')).toHaveLength(1);
      expect(await stage.call(['state', id])).toMatchObject({ status: 1 });
      expect(cgroupsOf(stage.name)).toEqual([]);
      return ended.message.replace('runt create failed: ', '');
    };

    it.skipIf(isV2)('a value that the kernel does not take', async () => {
      expect(await refused({ cpu: { quota: 5 } })).toContain(
        'linux.resources.cpu.quota: cannot write "5" to cpu.cfs_quota_us: ',
      );
      expect(await refused({ cpu: { period: 5 } })).toContain(
        'linux.resources.cpu.period: cannot write "5" to cpu.cfs_period_us: ',
      );
    });

    it('CPUs that are not there', async () => {
      expect(await refused({ cpu: { cpus: '4095' } })).toMatch(
        /linux\.resources\.cpu\.cpus: cannot write "4095" to cpuset\.cpus: .*the cgroup above has 0/,
      );
    });

    it('a device that is not there', async () => {
      const devices = [{ major: 4095, minor: 3, rate: 1 }];
      expect(await refused({ blockIO: { throttleReadBpsDevice: devices } })).toMatch(
        /linux\.resources\.blockIO\.throttleReadBpsDevice: cannot write "4095:3 .*1" to .*: is there a 4095:3 on this host\?/,
      );
    });

    it('a size of pages that there is not', async ({ skip }) => {
      if (!hasHierarchy('hugetlb')) return skip('no hugetlb');
      const message = await refused({ hugepageLimits: [{ pageSize: '3MB', limit: 0 }] });
      expect(message).toContain('hugetlb.3MB');
      expect(message).toContain('needed for linux.resources.hugepageLimits');
      return undefined;
    });

    it('a controller that is not there', async ({ skip }) => {
      if (hasHierarchy('net_cls')) return skip('it is there');
      expect(await refused({ network: { classID: 1 } })).toBe(
        isV2
          ? 'this host lacks cgroup v1, which alone can do that, needed for linux.resources.network.classID'
          : 'this host lacks the cgroup controller net_cls, needed for linux.resources.network.classID',
      );
      return undefined;
    });

    it.skipIf(isV2)('the files of v2', async () => {
      expect(await refused({ unified: { 'memory.high': '1000000' } })).toBe(
        'invalid configuration: cannot use unified on cgroup v1 (linux.resources.unified)',
      );
    });

    it('less memory than any container can do with', async () => {
      expect(await refused({ memory: { limit: 1 } })).toContain(
        'container init was OOM-killed (memory limit too low?)',
      );
    });
  });

  describe('--cgroup-manager disabled', () => {
    const global = () => ['--root', stage.root, '--cgroup-manager', 'disabled'];

    it('runs a config without limits in the caller’s cgroups', async () => {
      const bundle = stage.bundle(sh('cat /proc/self/cgroup'));
      const ended = await stage.call(['run', '-b', bundle, stage.id()], { global: global() });
      expect(ended).toMatchObject({ status: 0, stderr: '' });
      expect(ended.stdout).not.toContain(stage.name);
      expect(ended.stdout.trim().split('\n').toSorted()).toEqual(
        readFileSync('/proc/self/cgroup', 'utf8').trim().split('\n').toSorted(),
      );
    });

    it('refuses limits by their names', async () => {
      const bundle = stage.bundle(setArgs('true'), limited({ memory: { limit: 64 * mega } }));
      expect(
        await stage.call(['run', '-b', bundle, stage.id()], { global: global() }),
      ).toMatchObject({
        status: 1,
        message:
          'runt run failed: this host lacks a cgroup of this container, needed for linux.resources.memory.limit',
      });
    });

    it('has a life with kill and delete, but cannot pause', async () => {
      const id = stage.id();
      const bundle = stage.bundle(setArgs('sleep', '60'));
      await stage.ok(['run', '-d', '-b', bundle, id], { global: global() });
      expect(await stage.call(['pause', id])).toMatchObject({
        status: 1,
        message: 'this host lacks a cgroup of this container, needed for pause and resume',
      });
      await stage.ok(['kill', '--all', id, 'KILL']);
      await expect.poll(() => stage.state(id)).toMatchObject({ status: 'stopped' });
      await stage.ok(['delete', id]);
    });
  });
});
