import { expect, test } from 'vitest';
import { statisticsV2 } from '../../../src/cgroup/plan/statistics-v2.ts';

const largest = 2n ** 64n - 1n;

/** As Linux 6.12 writes them. */
const files: Readonly<Record<string, string>> = {
  'cpu.stat':
    'usage_usec 7199\nuser_usec 3000\nsystem_usec 4199\nnr_periods 9\nnr_throttled 2\nthrottled_usec 50\nnr_bursts 0\nburst_usec 0\n',
  'cpu.pressure':
    'some avg10=1.50 avg60=0.25 avg300=0.00 total=1234\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n',
  'memory.stat': 'anon 4096\nfile 8192\nkernel 100\n',
  'memory.current': '602112\n',
  'memory.max': '1048576\n',
  'memory.peak': '700000\n',
  'memory.events': 'low 0\nhigh 0\nmax 3\noom 1\noom_kill 1\noom_group_kill 0\n',
  'memory.swap.current': '1000\n',
  'memory.swap.max': '2000\n',
  'memory.swap.peak': '1500\n',
  'memory.swap.events': 'high 0\nmax 5\nfail 0\n',
  'pids.current': '4\n',
  'pids.max': '16\n',
  'io.stat': '8:0 rbytes=4096 wbytes=0 rios=1 wios=2 dbytes=0 dios=0\n8:16 \n',
  'hugetlb.2MB.current': '0\n',
  'hugetlb.2MB.rsvd.current': '2097152\n',
  'hugetlb.2MB.events': 'max 7\n',
};

const statistics = (more: Readonly<Record<string, string | undefined>> = {}) =>
  statisticsV2((file) => ({ ...files, ...more })[file], ['1GB', '2MB']);

test('go by the names that v1 gave them', () => {
  const { cpuset, ...rest } = statistics();
  expect(rest).toEqual({
    cpu: {
      usage: { total: 7_199_000, kernel: 4_199_000, user: 3_000_000 },
      throttling: { periods: 9, throttledPeriods: 2, throttledTime: 50_000 },
      psi: {
        some: { avg10: 1.5, avg60: 0.25, avg300: 0, total: 1234 },
        full: { avg10: 0, avg60: 0, avg300: 0, total: 0 },
      },
    },
    memory: {
      cache: 8192,
      usage: { limit: 1_048_576, usage: 602_112, max: 700_000, failcnt: 3 },
      swap: { limit: 1_050_576, usage: 603_112, failcnt: 5 },
      raw: { anon: 4096, file: 8192, kernel: 100 },
    },
    pids: { current: 4, limit: 16 },
    blkio: {
      ioServiceBytesRecursive: [
        { major: 8, op: 'Read', value: 4096 },
        { major: 8, op: 'Write' },
      ],
      ioServicedRecursive: [
        { major: 8, op: 'Read', value: 1 },
        { major: 8, op: 'Write', value: 2 },
      ],
    },
    hugetlb: { '2MB': { usage: 2_097_152, failcnt: 7 } },
  });
  expect(Object.values(cpuset)).toEqual(Array.from({ length: 9 }, () => 0));
});

test('no limit is the largest number there is, together with swap as well', () => {
  const limits = (max: string, swap: string) => {
    const { memory } = statistics({ 'memory.max': max, 'memory.swap.max': swap });
    return [memory.usage?.limit, memory.swap?.limit];
  };
  expect(limits('max\n', 'max\n')).toEqual([largest, largest]);
  expect(limits('max\n', '0\n')).toEqual([largest, largest]);
  expect(limits('4096\n', 'max\n')).toEqual([4096, largest]);
  expect(limits('4096\n', '0\n')).toEqual([4096, 4096]);
  expect(statistics({ 'pids.max': 'max\n' }).pids).toEqual({ current: 4 });
});

test('without controllers the processes are counted, and the rest is left out', () => {
  const { pids, memory, blkio, hugetlb, cpu } = statisticsV2(
    (file) => (file === 'cgroup.procs' ? '12\n34\n' : undefined),
    ['2MB'],
  );
  expect({ pids, memory, blkio, hugetlb, cpu }).toEqual({
    pids: { current: 2 },
    memory: {},
    blkio: {},
    hugetlb: {},
    cpu: { usage: { kernel: 0, user: 0 } },
  });
});

test('swap that is not accounted is not there, and a kernel without a peak has none', () => {
  const { memory } = statistics({
    'memory.swap.current': undefined,
    'memory.swap.max': undefined,
    'memory.peak': undefined,
  });
  expect(memory.swap).toBeUndefined();
  expect(memory.usage).toEqual({ limit: 1_048_576, usage: 602_112, failcnt: 3 });
});

test('huge pages in use, where the kernel does not count what is reserved', () => {
  expect(
    statistics({ 'hugetlb.2MB.rsvd.current': undefined, 'hugetlb.2MB.current': '4194304\n' })
      .hugetlb,
  ).toEqual({ '2MB': { usage: 4_194_304, failcnt: 7 } });
});

test('an empty pressure file is of a kernel that keeps none', () => {
  expect(statistics({ 'cpu.pressure': '' }).cpu).not.toHaveProperty('psi');
});

test('microseconds become nanoseconds exactly, however many', () => {
  const { cpu } = statistics({ 'cpu.stat': 'usage_usec 18446744073709551615\n' });
  expect(cpu.usage.total).toBe(18_446_744_073_709_551_615_000n);
});
