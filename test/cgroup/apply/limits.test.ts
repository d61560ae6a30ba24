/** `update` that fails half-way, on the kernel's own control files of v1. */
import { describe, expect, test } from 'vitest';
import type { Resources } from '../../../src/bundle/config.ts';
import { setLimits } from '../../../src/cgroup/apply/limits.ts';
import { blockDevice } from '../../support/block-device.ts';
import { failureOf } from '../../support/failure.ts';
import { canLimitV1, hasController, limitedBox } from '../../support/limited-box.ts';

const mega = 2 ** 20;

describe.skipIf(!canLimitV1)('when one limit fails, every file is put back', () => {
  const box = limitedBox();
  const { read, change } = box;

  const before: Resources = {
    memory: { limit: 64 * mega, swap: 80 * mega, swappiness: 40, disableOOMKiller: true },
    cpu: { period: 100_000, quota: 50_000, burst: 40_000, shares: 700, cpus: '0' },
    pids: { limit: 9 },
  };
  const files = [
    'memory.limit_in_bytes',
    'memory.memsw.limit_in_bytes',
    'memory.soft_limit_in_bytes',
    'memory.swappiness',
    'memory.oom_control',
    'cpu.cfs_period_us',
    'cpu.cfs_quota_us',
    'cpu.cfs_burst_us',
    'cpu.shares',
    'cpu.idle',
    'cpuset.cpus',
    'pids.max',
  ];
  const everything = () => files.map((file) => `${file}: ${read(file)}`);

  test.each<readonly [string, Resources]>([
    [
      'down',
      { memory: { limit: 16 * mega, swap: 20 * mega }, cpu: { quota: 20_000, burst: 10_000 } },
    ],
    [
      'up',
      { memory: { limit: 128 * mega, swap: 160 * mega }, cpu: { quota: 90_000, burst: 80_000 } },
    ],
    [
      'others',
      { memory: { reservation: mega, swappiness: 7, disableOOMKiller: false }, cpu: { idle: 1 } },
    ],
  ])('%s', (_what, asked) => {
    setLimits(box.placement, before, 'before');
    setLimits(box.placement, before, 'last');
    const held = everything();
    // the CPUs come after memory and bandwidth, and before the tasks
    const wrong = { ...asked, cpu: { ...asked.cpu, cpus: '4095' }, pids: { limit: 5 } };
    const error = failureOf(() => change(before, wrong));
    expect(error).toMatchObject({
      code: 'limit-refused',
      facts: { property: 'linux.resources.cpu.cpus', file: 'cpuset.cpus', value: '4095' },
      cleanup: [],
    });
    expect(everything()).toEqual(held);
  });

  test('the line of each device, and the one that was not there', ({ skip }) => {
    const device = blockDevice();
    if (device === undefined || !hasController('blkio')) return skip('no block device');
    const key = `${device.major}:${device.minor}`;
    const throttled = (rate: number) => ({
      blockIO: { throttleReadBpsDevice: [{ ...device, rate }] },
    });
    setLimits(box.placement, throttled(mega), 'before');
    const asked: Resources = {
      blockIO: {
        ...throttled(2 * mega).blockIO,
        throttleWriteBpsDevice: [
          { ...device, rate: 5 * mega },
          { major: 4095, minor: 1, rate: 1 },
        ],
      },
    };
    const error = failureOf(() => change(throttled(mega), asked));
    expect(error).toMatchObject({
      code: 'limit-refused',
      facts: {
        property: 'linux.resources.blockIO.throttleWriteBpsDevice',
        value: '4095:1 1',
        hint: 'is there a 4095:1 on this host?',
      },
      cleanup: [],
    });
    expect(read('blkio.throttle.read_bps_device')).toBe(`${key} ${mega}`);
    expect(read('blkio.throttle.write_bps_device')).toBe('');
    return undefined;
  });
});
