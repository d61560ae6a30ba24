/** The kernel's own control files, of v1. What they refuse, and in which order they take values, no other test can know. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Resources } from '../../../src/bundle/config.ts';
import { setLimits } from '../../../src/cgroup/apply/limits.ts';
import { writeLimits } from '../../../src/cgroup/apply/write-limits.ts';
import type { CgroupPlacement } from '../../../src/cgroup/plan/placement.ts';
import type { PlannedWrite } from '../../../src/cgroup/plan/plan-limits.ts';
import { failureOf } from '../../support/failure.ts';
import { canLimitV1, limitedBox } from '../../support/limited-box.ts';

const mega = 2 ** 20;

describe.skipIf(!canLimitV1)('limits on v1', () => {
  const box = limitedBox();
  const { read, change, directory } = box;

  const memory = () => [
    Number(read('memory.limit_in_bytes')) / mega,
    Number(read('memory.memsw.limit_in_bytes')) / mega,
  ];

  test('memory with and without swap go up and down in whatever order that needs', () => {
    let now: Resources = { memory: { limit: 64 * mega, swap: 80 * mega } };
    setLimits(box.placement, now, 'before');
    expect(memory()).toEqual([64, 80]);
    for (const [limit, swap] of [
      [128, 160],
      [16, 20],
      [18, 18],
      [200, 200],
      [16, 300],
    ] as const) {
      now = change(now, { memory: { limit: limit * mega, swap: swap * mega } });
      expect(memory()).toEqual([limit, swap]);
    }
  });

  test('unlimited memory is unlimited swap', () => {
    const before = { memory: { limit: 16 * mega, swap: 20 * mega } };
    setLimits(box.placement, before, 'before');
    change(before, { memory: { limit: -1 } });
    // 2^63 in whole pages
    expect(memory().map((limit) => limit > 2 ** 42)).toEqual([true, true]);
  });

  test('a quota below the burst waits until the burst is lower', () => {
    let now: Resources = { cpu: { period: 100_000, quota: 50_000, burst: 40_000 } };
    setLimits(box.placement, now, 'before');
    const bandwidth = () => ['period', 'quota', 'burst'].map((name) => read(`cpu.cfs_${name}_us`));
    expect(bandwidth()).toEqual(['100000', '50000', '40000']);
    now = change(now, { cpu: { quota: 20_000, burst: 10_000 } });
    expect(bandwidth()).toEqual(['100000', '20000', '10000']);
    now = change(now, { cpu: { quota: 70_000, burst: 60_000 } });
    expect(bandwidth()).toEqual(['100000', '70000', '60000']);
    now = change(now, { cpu: { period: 50_000, quota: -1, burst: 0 } });
    expect(bandwidth()).toEqual(['50000', '-1', '0']);
  });

  test('a container ends being idle to have a weight', () => {
    let now: Resources = { cpu: { idle: 1 } };
    setLimits(box.placement, now, 'before');
    expect(read('cpu.idle')).toBe('1');
    now = change(now, { cpu: { shares: 512 } });
    expect([read('cpu.idle'), read('cpu.shares')]).toEqual(['0', '512']);
    now = change(now, { cpu: { idle: 1 } });
    expect(read('cpu.idle')).toBe('1');
  });

  test('a limit on tasks is set at the last gate, and all others before', () => {
    const resources = { pids: { limit: 3 }, cpu: { shares: 700 } };
    setLimits(box.placement, resources, 'before');
    expect([read('pids.max'), read('cpu.shares')]).toEqual(['max', '700']);
    writeFileSync(`${directory('cpu').path}/cpu.shares`, '800');
    setLimits(box.placement, resources, 'last');
    expect([read('pids.max'), read('cpu.shares')]).toEqual(['3', '800']);
  });

  test('only what is named, and what follows from it, is written', () => {
    const before = { memory: { limit: 64 * mega }, cpu: { shares: 700 }, pids: { limit: 9 } };
    setLimits(box.placement, before, 'before');
    setLimits(box.placement, before, 'last');
    // somebody else has changed them
    writeFileSync(`${directory('cpu').path}/cpu.shares`, '800');
    writeFileSync(`${directory('pids').path}/pids.max`, '12');
    change(before, { memory: { limit: 32 * mega } });
    expect([read('cpu.shares'), read('pids.max')]).toEqual(['800', '12']);
    change(before, { cpu: { shares: 700 } });
    expect([read('cpu.shares'), read('pids.max')]).toEqual(['700', '12']);
  });

  describe('a refusal names the property, the file, the value and what it means', () => {
    test.each<readonly [Resources, object]>([
      [
        { memory: { limit: 64 * mega, swappiness: 1000 } },
        {
          property: 'linux.resources.memory.swappiness',
          errno: 'EINVAL',
          hint: '1000 is out of the range of the kernel',
        },
      ],
      [
        { cpu: { period: 1 } },
        {
          property: 'linux.resources.cpu.period',
          errno: 'EINVAL',
          hint: '1 is out of the range of the kernel',
        },
      ],
      [
        { cpu: { quota: 1 } },
        { property: 'linux.resources.cpu.quota', value: '1', errno: 'EINVAL' },
      ],
      [{ cpu: { cpus: 'x' } }, { property: 'linux.resources.cpu.cpus', errno: 'EINVAL' }],
      [{ cpu: { mems: '512' } }, { property: 'linux.resources.cpu.mems' }],
      // below it the other is refused again and again: no round brings anything
      [
        { memory: { limit: 64 * mega, swap: 32 * mega } },
        { property: 'linux.resources.memory.swap', value: String(32 * mega), errno: 'EINVAL' },
      ],
    ])('%j', (resources, facts) => {
      expect(failureOf(() => setLimits(box.placement, resources, 'before'))).toMatchObject({
        code: 'limit-refused',
        facts,
      });
    });
  });

  test('a limit below what is used: refused at once with the check, by the kernel without', async () => {
    // what a process has used before it comes is not counted here
    const files = box.placement.directories.map(({ path }) => `${path}/cgroup.procs`);
    const script = 'for file; do echo 0 >$file; done; sleep 60 & echo; wait';
    const child = spawn('sh', ['-c', script, 'sh', ...files], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await once(child.stdout, 'data');
    const before = read('memory.limit_in_bytes');
    expect(
      failureOf(() => change({}, { memory: { limit: 4096, checkBeforeUpdate: true } })),
    ).toMatchObject({
      code: 'busy',
      facts: {
        what: expect.stringMatching(
          /^linux\.resources\.memory\.limit: rejecting memory limit 4096 <= usage \d+$/,
        ),
      },
    });
    const both = { limit: 4096, swap: 8192, checkBeforeUpdate: true };
    expect(failureOf(() => change({}, { memory: both }))).toMatchObject({
      code: 'busy',
      facts: {
        what: expect.stringMatching(
          /^linux\.resources\.memory\.swap: rejecting memory\+swap limit 8192 <= usage \d+$/,
        ),
      },
    });
    expect(failureOf(() => change({}, { memory: { limit: 4096 } }))).toMatchObject({
      code: 'limit-refused',
      facts: {
        errno: 'EBUSY',
        hint: expect.stringMatching(/^current usage: \d+, peak usage: \d+$/),
      },
    });
    expect(read('memory.limit_in_bytes')).toBe(before);
    change({}, { memory: { limit: 512 * mega, checkBeforeUpdate: true } });
    expect(memory()[0]).toBe(512);
  });

  describe('what is not there', () => {
    const write = (
      controller: string,
      more: Partial<PlannedWrite> & { file: string },
    ): PlannedWrite => ({
      property: 'linux.resources.test',
      controller,
      directory: directory('pids'),
      value: '5',
      ...more,
    });

    test('is taken from its other name', () => {
      writeLimits([[write('pids', { file: 'pids.nosuch', or: { file: 'pids.max', value: '6' } })]]);
      expect(read('pids.max')).toBe('6');
    });

    test('is no failure where it is optional', () => {
      writeLimits([[write('pids', { file: 'pids.nosuch', optional: true })]]);
    });

    test('is named, with the property', () => {
      const { path } = directory('pids');
      expect(
        failureOf(() => writeLimits([[write('pids', { file: 'pids.nosuch' })]])),
      ).toMatchObject({
        code: 'host-lacks',
        facts: { what: `the file pids.nosuch in ${path}`, needed: 'linux.resources.test' },
      });
      expect(
        failureOf(() => writeLimits([[write('nosuch', { file: 'nosuch.max' })]])),
      ).toMatchObject({
        code: 'host-lacks',
        facts: { what: `the cgroup controller nosuch in ${path}`, needed: 'linux.resources.test' },
      });
    });
  });

  test('a controller without a hierarchy is refused before anything is written', () => {
    const partly: CgroupPlacement = {
      mode: 'v1',
      directories: box.placement.directories.filter(
        ({ version, controllers }) => version === 1 && !controllers.includes('pids'),
      ),
    };
    const unwritten = read('cpu.shares');
    const resources = { cpu: { shares: 700 }, pids: { limit: 1 } };
    expect(failureOf(() => setLimits(partly, resources, 'before'))).toMatchObject({
      code: 'host-lacks',
      facts: { what: 'the cgroup controller pids', needed: 'linux.resources.pids.limit' },
    });
    expect(read('cpu.shares')).toBe(unwritten);
  });

  test('of a cgroup that has gone, changing says so', () => {
    const { path } = directory('pids');
    rmdirSync(path);
    expect(existsSync(path)).toBe(false);
    expect(failureOf(() => change({}, { pids: { limit: 3 } }))).toMatchObject({
      code: 'host-lacks',
      facts: { what: `the file pids.max in ${path}` },
    });
    mkdirSync(path);
  });
});
