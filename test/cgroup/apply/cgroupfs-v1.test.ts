import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Cgroups } from '../../../src/cgroup/apply/cgroups.ts';
import { openCgroups } from '../../../src/cgroup/apply/open-cgroups.ts';
import { freeze } from '../../../src/cgroup/apply/freezer.ts';
import { readLayout } from '../../../src/cgroup/apply/read-layout.ts';
import { deviceFilter } from '../../../src/cgroup/plan/device-rules.ts';
import { type CgroupPlacement, freezerOf } from '../../../src/cgroup/plan/placement.ts';
import { selfJoin } from '../../../src/cgroup/plan/self-join.ts';
import {
  cgroupSandbox,
  type CgroupSandbox,
  joinCgroup,
  sendSignal,
} from '../../support/cgroup-sandbox.ts';

const canRun = process.getuid?.() === 0 && readLayout().mode !== 'v2';

const cgroups: Cgroups = openCgroups(
  {
    send: sendSignal,
    bus: { env: {}, blocking: true },
    programs: {
      replace: () => {
        throw new Error('v1 needs no program');
      },
    },
  },
  { manager: 'cgroupfs', prefix: 'runt', usersManager: () => false, mayLack: () => false },
);

function pathOf({ directories }: CgroupPlacement, controller: string): string {
  const found = directories.find(({ controllers }) => controllers.includes(controller));
  if (found === undefined) throw new Error(`no ${controller} hierarchy`);
  return found.path;
}

function pids(placement: CgroupPlacement): readonly number[] {
  return [...cgroups.processes(placement)].sort((a, b) => a - b);
}

describe.skipIf(!canRun)('cgroupfs on v1 and hybrid', () => {
  let sandbox: CgroupSandbox;
  beforeEach(() => {
    sandbox = cgroupSandbox();
  });
  afterEach(() => sandbox.end());

  test('create, join, list, kill, remove', async () => {
    const placement = sandbox.place('box');
    cgroups.create(placement);
    expect(pids(placement)).toEqual([]);

    const pid = sandbox.sleeper();
    joinCgroup(placement, pid);
    const membership = readFileSync(`/proc/${pid}/cgroup`, 'utf8').trim().split('\n');
    // a hierarchy that is mounted nowhere here keeps its line, and its process where it was
    const inside = membership.filter((line) => line.endsWith(`:${sandbox.base}/box`));
    expect(inside).toHaveLength(placement.directories.length);
    expect(pids(placement)).toEqual([pid]);

    await cgroups.killAll(placement);
    expect(pids(placement)).toEqual([]);
    await cgroups.remove(placement);
    for (const { path } of placement.directories) expect(existsSync(path)).toBe(false);
  });

  test('a process with one thread puts itself into every v1 hierarchy', () => {
    const placement = sandbox.place('box');
    cgroups.create(placement);
    const { files, value } = selfJoin(placement, { cloneIntoCgroup: true });
    const script = `for file; do printf ${value} >"$file"; done; cat /proc/self/cgroup`;
    const output = execFileSync('sh', ['-c', script, 'sh', ...files], { encoding: 'utf8' });
    const joined = output.split('\n').filter((line) => line.endsWith(`:${sandbox.base}/box`));
    expect(joined).toHaveLength(files.length);
  });

  test('a cpuset has the CPUs and nodes of its parent, through every level', () => {
    const placement = sandbox.place('one/two');
    cgroups.create(placement);
    const path = pathOf(placement, 'cpuset');
    for (const file of ['cpuset.cpus', 'cpuset.mems']) {
      expect(readFileSync(`${path}/${file}`, 'utf8').trim()).not.toBe('');
      expect(readFileSync(`${path}/../${file}`, 'utf8')).toBe(
        readFileSync(`${path}/${file}`, 'utf8'),
      );
    }
  });

  test('a cgroup made inside the container is listed, killed and removed with it', async () => {
    const placement = sandbox.place('box');
    cgroups.create(placement);
    const [outer, inner] = [sandbox.sleeper(), sandbox.sleeper()];
    joinCgroup(placement, outer);
    joinCgroup(placement, inner);
    for (const { path } of placement.directories) mkdirSync(`${path}/a`);
    for (const { path } of placement.directories) mkdirSync(`${path}/a/b`);
    writeFileSync(`${pathOf(placement, 'devices')}/a/b/cgroup.procs`, String(inner));

    expect(pids(placement)).toEqual([outer, inner].sort((a, b) => a - b));
    await cgroups.killAll(placement);
    await cgroups.remove(placement);
    expect(existsSync(pathOf(placement, 'devices'))).toBe(false);
  });

  test('a frozen container is seen as such, stays so when signalled, and can be killed', async () => {
    const placement = sandbox.place('box');
    cgroups.create(placement);
    joinCgroup(placement, sandbox.sleeper());
    expect(cgroups.isFrozen(freezerOf(placement))).toBe(false);
    const freezer = freezerOf(placement);
    if (freezer === undefined) throw new Error('no freezer hierarchy');
    await freeze(freezer, 1000);
    expect(cgroups.isFrozen(freezerOf(placement))).toBe(true);

    await cgroups.signalAll(placement, 15);
    expect(cgroups.isFrozen(freezerOf(placement))).toBe(true);
    expect(pids(placement)).toHaveLength(1);
    await cgroups.killAll(placement);
    expect(pids(placement)).toEqual([]);
  });

  test('v1 without the v2 tree kills by freezing, signalling and thawing', async () => {
    const whole = sandbox.place('box');
    const placement: CgroupPlacement = {
      mode: 'v1',
      directories: whole.directories.filter(({ version }) => version === 1),
    };
    cgroups.create(placement);
    joinCgroup(placement, sandbox.sleeper());
    joinCgroup(placement, sandbox.sleeper());
    await cgroups.killAll(placement);
    expect(pids(placement)).toEqual([]);
    expect(cgroups.isFrozen(freezerOf(placement))).toBe(false);
  });

  test('the device filter is what the kernel lists, and a second one replaces it', () => {
    const placement = sandbox.place('box');
    cgroups.create(placement);
    const list = `${pathOf(placement, 'devices')}/devices.list`;
    cgroups.applyDevices(placement, deviceFilter([]));
    expect(readFileSync(list, 'utf8').trim().split('\n').sort()).toEqual([
      'b *:* m',
      'c *:* m',
      'c 10:200 rwm',
      'c 136:* rwm',
      'c 1:3 rwm',
      'c 1:5 rwm',
      'c 1:7 rwm',
      'c 1:8 rwm',
      'c 1:9 rwm',
      'c 5:0 rwm',
      'c 5:2 rwm',
    ]);
    cgroups.applyDevices(placement, deviceFilter([{ allow: true, access: 'rwm' }]));
    expect(readFileSync(list, 'utf8')).toBe('a *:* rwm\n');
  });

  test('an empty cgroup is taken over, an occupied one is refused and left as it was', () => {
    const placement = sandbox.place('box');
    cgroups.create(placement);
    cgroups.refuseOccupied(placement);
    cgroups.create(placement);

    const pid = sandbox.sleeper();
    joinCgroup(placement, pid);
    const busy = {
      code: 'busy',
      facts: { what: "container's cgroup is not empty: 1 process(es) found", cgroup: 'occupied' },
    };
    expect(() => cgroups.refuseOccupied(placement)).toThrow(expect.objectContaining(busy));
    expect(() => cgroups.create(placement)).toThrow(expect.objectContaining(busy));
    expect(pids(placement)).toEqual([pid]);
  });

  test('a frozen cgroup is refused, and what was made until then is taken back', () => {
    const placement = sandbox.place('box');
    const freezer = pathOf(placement, 'freezer');
    mkdirSync(freezer, { recursive: true });
    writeFileSync(`${freezer}/freezer.state`, 'FROZEN');
    expect(() => cgroups.create(placement)).toThrow(
      expect.objectContaining({
        code: 'busy',
        facts: { what: "container's cgroup unexpectedly frozen", cgroup: 'frozen' },
      }),
    );
    const left = placement.directories.filter(({ path }) => existsSync(path));
    expect(left.map(({ path }) => path)).toEqual([freezer]);
  });

  test('removing names the cgroup that stays, after a bounded time, and removes the others', async () => {
    const placement = sandbox.place('box');
    cgroups.create(placement);
    const devices = pathOf(placement, 'devices');
    writeFileSync(`${devices}/cgroup.procs`, String(sandbox.sleeper()));
    const start = Date.now();
    await expect(cgroups.remove(placement)).rejects.toThrow(
      expect.objectContaining({
        code: 'system-call',
        facts: { doing: `remove cgroup ${devices}`, errno: 'EBUSY' },
      }),
    );
    expect(Date.now() - start).toBeLessThan(4000);
    expect(placement.directories.filter(({ path }) => existsSync(path))).toHaveLength(1);
  });

  test('what is not there is no failure to list, kill, look at and remove', async () => {
    const placement = sandbox.place('never/made');
    expect(pids(placement)).toEqual([]);
    expect(cgroups.isFrozen(freezerOf(placement))).toBe(false);
    cgroups.refuseOccupied(placement);
    await cgroups.killAll(placement);
    await cgroups.remove(placement);
  });
});
