/** Each limit holds the container to it, whoever makes its cgroup: runt itself, or systemd. */
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { execa, execaSync } from 'execa';
import { describe, expect, it } from 'vitest';
import type { Resources } from '../../src/bundle/config.ts';
import { addMount, type Change, setArgs, sh } from '../support/bundle-builder.ts';
import { inCgroup, isV2, limited } from '../support/control-files.ts';
import { probe } from '../support/probe.ts';
import { executable } from '../support/runtimes.ts';
import { until, useStage } from '../support/stage.ts';
import { shown } from '../support/systemd-host.ts';
import { machine } from './host.ts';

const mega = 2 ** 20;
const slice = 'runttest-limits.slice';

/** Fills what memory it gets. */
const glutton = sh('x=0123456789; while :; do x=$x$x; done');

const drivers = [
  { driver: 'cgroupfs', words: [], path: (name: string) => `/${name}` },
  {
    driver: 'systemd',
    words: ['--systemd-cgroup'],
    path: (name: string) => `${slice}:runt:${name}`,
  },
];

describe.runIf(machine !== undefined).each(drivers)(
  'limits under $driver',
  ({ driver, words, path }) => {
    const stage = useStage(executable);
    const options = () => ({ global: ['--root', stage.root, ...words] });
    const call = (...command: string[]) => stage.call(command, options());
    const ok = (...command: string[]) => stage.ok(command, options());

    const bundle = (resources: Resources, ...changes: Change[]) =>
      stage.bundle(...changes, inCgroup(path(stage.name)), limited(resources));
    const run = (resources: Resources, ...changes: Change[]) =>
      call('run', '-b', bundle(resources, ...changes), stage.name);
    const detached = async (resources: Resources, ...changes: Change[]) => {
      await ok('run', '--detach', '-b', bundle(resources, ...changes), stage.name);
      const { pid }: { pid: number } = JSON.parse((await ok('state', stage.name)).stdout);
      return pid;
    };
    const remove = () => ok('delete', '--force', stage.name);

    /** A control file of the container's cgroup, found by its process. */
    const control = (pid: number, controller: string, file: string): string => {
      const lines = readFileSync(`/proc/${pid}/cgroup`, 'utf8').trim().split('\n');
      const own = lines
        .map((line) => line.split(':'))
        .find(([, names = '']) => (isV2 ? names === '' : names.split(',').includes(controller)));
      const base = isV2 ? '/sys/fs/cgroup' : `/sys/fs/cgroup/${controller}`;
      return readFileSync(`${base}${own?.[2] ?? ''}/${file}`, 'utf8').trim();
    };

    it('memory: the kernel kills it, and events says so', async () => {
      const limits = { memory: { limit: 16 * mega, swap: 16 * mega } };
      await ok('create', '-b', bundle(limits, glutton), stage.name);
      const told = call('events', '--interval', '1h', stage.name);
      const watching = () =>
        execaSync('pgrep', ['-f', `events --interval 1h ${stage.name}`], { reject: false }).stdout;
      await until(watching, 'events');
      // its notice of the kernel's is set up a moment after it has started
      await setTimeout(2000);
      await ok('start', stage.name);
      expect(await told).toMatchObject({
        status: 0,
        stdout: `{"type":"oom","id":"${stage.name}"}\n`,
      });
      await remove();
      expect(await run(limits, glutton)).toMatchObject({ status: 137 });
    });

    it('tasks: a fork is refused', async () => {
      const forks = sh('sleep 0.1 & sleep 0.1 & sleep 0.1 & wait; echo forked');
      const few = await run({ pids: { limit: 2 } }, forks);
      expect(few.stderr).toContain("can't fork");
      expect(await run({ pids: { limit: 5 } }, forks)).toMatchObject({ stdout: 'forked\n' });
    });

    it('CPU time: it is throttled, until update lets it go', async () => {
      const limits = { cpu: { quota: 5000, period: 50_000 } };
      const pid = await detached(limits, sh('while :; do :; done'));
      const throttled = () =>
        Number(/^nr_throttled (\d+)/m.exec(control(pid, 'cpu', 'cpu.stat'))?.[1]);
      await until(() => throttled() > 0, 'throttling');
      await ok('update', '--cpu-quota', '-1', stage.name);
      expect(control(pid, 'cpu', isV2 ? 'cpu.max' : 'cpu.cfs_quota_us')).toMatch(
        isV2 ? /^max / : /^-1$/,
      );
      await remove();
    });

    it.runIf(isV2)('idle or a weight by their files: what was named last', async () => {
      const both = { unified: { 'cpu.idle': '1', 'cpu.weight': '8' } };
      const pid = await detached(both, setArgs('sleep', '60'));
      const found = () => ['cpu.idle', 'cpu.weight'].map((file) => control(pid, 'cpu', file));
      expect(found()[0]).toBe('1');
      const asked = `${stage.bundle()}/limits.json`;
      writeFileSync(asked, JSON.stringify({ unified: { 'cpu.weight': '8' } }));
      await ok('update', '-r', asked, stage.name);
      expect(found()).toEqual(['0', '8']);
      writeFileSync(asked, JSON.stringify(both));
      const { stderr } = await ok('update', '-r', asked, stage.name);
      expect(stderr).toContain('unable to apply both cpu.idle and cpu.weight');
      expect(found()[0]).toBe('1');
      await remove();
    });

    it('CPUs: it has those that it was given', async () => {
      const { stdout } = await run(
        { cpu: { cpus: '1' } },
        setArgs('grep', 'Cpus_allowed_list', '/proc/self/status'),
      );
      expect(stdout).toBe('Cpus_allowed_list:\t1\n');
    });

    it('I/O: the rate of a device is the kernel’s', async () => {
      const device = { major: 254, minor: 0, rate: 3 * mega };
      const pid = await detached(
        { blockIO: { throttleWriteBpsDevice: [device] } },
        setArgs('sleep', '60'),
      );
      const [file, said] = isV2
        ? (['io.max', `254:0 rbps=max wbps=${3 * mega} riops=max wiops=max`] as const)
        : (['blkio.throttle.write_bps_device', `254:0 ${3 * mega}`] as const);
      expect(control(pid, 'blkio', file)).toBe(said);
      await remove();
    });

    it('huge pages: none beyond the limit', async () => {
      writeFileSync('/proc/sys/vm/nr_hugepages', '4');
      const huge = addMount({
        destination: '/huge',
        type: 'hugetlbfs',
        source: 'none',
        options: [],
      });
      const take = sh('busybox fallocate -l 4194304 /huge/file && echo taken');
      const limit = (pages: number) => ({
        hugepageLimits: [{ pageSize: '2MB', limit: pages * 2 * mega }],
      });
      expect(await run(limit(2), huge, take)).toMatchObject({ stdout: 'taken\n' });
      expect(await run(limit(1), huge, take)).toMatchObject({ stdout: '' });
      writeFileSync('/proc/sys/vm/nr_hugepages', '0');
    });

    it('devices: one that is denied is EPERM', async () => {
      const tools = addMount({
        destination: '/tmp/probe',
        type: 'bind',
        source: probe(),
        options: ['bind', 'ro'],
      });
      // a serial line: no default rule allows it
      const numbers = { type: 'c', major: 4, minor: 64 } as const;
      const says = async (...more: NonNullable<Resources['devices']>) => {
        const devices = [{ allow: false, access: 'rwm' }, ...more];
        const { stdout } = await run(
          { devices },
          tools,
          sh('/tmp/probe open /dev/mine'),
          (config) => {
            config.root.readonly = false;
            config.linux.devices = [{ path: '/dev/mine', fileMode: 0o666, ...numbers }];
          },
        );
        return stdout;
      };
      expect(await says()).toBe('Operation not permitted\n');
      expect(await says({ allow: true, access: 'rw', ...numbers })).toBe('opened\n');
    });

    const scope = () => `runt-${stage.name}.scope`;
    const state = () => shown(scope(), 'LoadState', 'ActiveState');
    const gone = { LoadState: 'not-found', ActiveState: 'inactive' };

    it.runIf(driver === 'systemd')(
      'the scope has the name, the slice and the properties, and is gone after delete',
      async () => {
        const limits = { memory: { limit: 64 * mega }, pids: { limit: 33 } };
        await detached(limits, setArgs('sleep', '60'));
        const memory = isV2 ? 'MemoryMax' : 'MemoryLimit';
        expect(shown(scope(), 'ActiveState', 'Slice', 'TasksMax', memory)).toEqual({
          ActiveState: 'active',
          Slice: slice,
          TasksMax: '33',
          [memory]: String(64 * mega),
        });
        await ok('update', '--pids-limit', '44', stage.name);
        expect(shown(scope(), 'TasksMax')).toEqual({ TasksMax: '44' });
        await remove();
        expect(state()).toEqual(gone);
      },
    );

    it.runIf(driver === 'systemd')(
      'the scope is gone after delete, also when runt was killed',
      async () => {
        const made = bundle({}, setArgs('sleep', '60'));
        const killed = execa(
          executable.path,
          [...options().global, 'run', '-b', made, stage.name],
          {
            reject: false,
            stdio: 'ignore',
          },
        );
        await until(() => state()['ActiveState'] === 'active', 'the scope');
        killed.kill('SIGKILL');
        await killed;
        await remove();
        expect(state()).toEqual(gone);
      },
    );
  },
);
