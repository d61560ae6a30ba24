import { expect, test } from 'vitest';
import { eventLine } from '../../../src/cli/print-event.ts';
import { statisticsV1 } from '../../../src/cgroup/plan/statistics-v1.ts';

const noLimit = '9223372036854771712\n';

/** memory.stat as the kernel orders it; what is not here is 0. */
const memoryStat = {
  rss: 53_248,
  pgpgin: 504,
  pgpgout: 491,
  pgfault: 727,
  inactive_anon: 49_152,
  active_anon: 4096,
};

const zeros =
  `cache rss_huge shmem mapped_file dirty writeback workingset_refault_anon workingset_refault_file swap
  swapcached pgmajfault inactive_file active_file unevictable`.split(/\s+/);

const table = (rows: Readonly<Record<string, number>>) =>
  Object.entries(rows)
    .map(([name, value]) => `${name} ${value}\n`)
    .join('');

/** The files of a container of one sleep(1), on two CPUs. */
const files: Readonly<Record<string, string>> = {
  'cpuacct cpuacct.usage': '7199268\n',
  'cpuacct cpuacct.usage_percpu': '4699394 2499874 \n',
  'cpuacct cpuacct.usage_all': 'cpu user system\n0 0 4000000\n1 0 4000000\n',
  'cpuacct cpuacct.stat': 'user 0\nsystem 0\n',
  'cpu cpu.stat': 'nr_periods 0\nnr_throttled 0\nthrottled_time 0\nnr_bursts 0\nburst_time 0\n',
  'cpuset cpuset.cpus': '0-1\n',
  'cpuset cpuset.mems': '0\n',
  'cpuset cpuset.cpu_exclusive': '0\n',
  'cpuset cpuset.sched_load_balance': '1\n',
  'cpuset cpuset.sched_relax_domain_level': '-1\n',
  'memory memory.stat':
    table({ ...memoryStat, ...Object.fromEntries(zeros.map((name) => [name, 0])) }) +
    `hierarchical_memory_limit ${noLimit}hierarchical_memsw_limit ${noLimit}` +
    table(
      Object.fromEntries(
        [...Object.entries(memoryStat), ...zeros.map((name) => [name, 0] as const)].map(
          ([name, value]) => [`total_${name}`, value],
        ),
      ),
    ),
  'memory memory.limit_in_bytes': noLimit,
  'memory memory.usage_in_bytes': '602112\n',
  'memory memory.max_usage_in_bytes': '2838528\n',
  'memory memory.failcnt': '0\n',
  'memory memory.memsw.limit_in_bytes': noLimit,
  'memory memory.memsw.usage_in_bytes': '602112\n',
  'memory memory.memsw.max_usage_in_bytes': '2838528\n',
  'memory memory.memsw.failcnt': '0\n',
  'memory memory.kmem.limit_in_bytes': noLimit,
  'memory memory.kmem.usage_in_bytes': '253952\n',
  'memory memory.kmem.max_usage_in_bytes': '647168\n',
  'memory memory.kmem.failcnt': '0\n',
  'memory memory.kmem.tcp.limit_in_bytes': noLimit,
  'memory memory.kmem.tcp.usage_in_bytes': '0\n',
  'memory memory.kmem.tcp.max_usage_in_bytes': '0\n',
  'memory memory.kmem.tcp.failcnt': '0\n',
  'pids pids.current': '1\n',
  'pids pids.max': 'max\n',
  'blkio blkio.throttle.io_serviced': 'Total 0\n',
  'hugetlb hugetlb.1GB.usage_in_bytes': '0\n',
  'hugetlb hugetlb.1GB.failcnt': '0\n',
  'hugetlb hugetlb.2MB.usage_in_bytes': '0\n',
  'hugetlb hugetlb.2MB.failcnt': '0\n',
};

const read =
  (more: Readonly<Record<string, string>> = {}) =>
  (controller: string, file: string) =>
    ({ ...files, ...more })[`${controller} ${file}`];

const statistics = (more: Readonly<Record<string, string>> = {}) =>
  statisticsV1(read(more), ['1GB', '2MB', '64KB']);

test('are to the letter what runc prints of such a container', async () => {
  const line = eventLine({ type: 'stats', id: 't2', data: statistics() });
  await expect(line).toMatchFileSnapshot('golden/events-stats.txt');
});

test('what no file tells is left out, or 0 where runc has it always', () => {
  expect(statisticsV1(() => undefined, ['2MB'])).toEqual({
    cpu: { usage: { kernel: 0, user: 0 } },
    cpuset: {
      cpu_exclusive: 0,
      mem_hardwall: 0,
      mem_exclusive: 0,
      memory_migrate: 0,
      memory_spread_page: 0,
      memory_spread_slab: 0,
      memory_pressure: 0,
      sched_load_balance: 0,
      sched_relax_domain_level: 0,
    },
    memory: {},
    pids: {},
    blkio: {},
    hugetlb: {},
  });
});

test('throttling, times of a user, a limit of tasks', () => {
  const found = statistics({
    'cpu cpu.stat': 'nr_periods 7\nnr_throttled 3\nthrottled_time 900\n',
    'cpuacct cpuacct.stat': 'user 5\nsystem 2\n',
    'pids pids.max': '9\n',
  });
  expect(found.cpu.throttling).toEqual({ periods: 7, throttledPeriods: 3, throttledTime: 900 });
  expect(found.cpu.usage).toMatchObject({ user: 50_000_000, kernel: 20_000_000 });
  expect(found.pids).toEqual({ current: 1, limit: 9 });
});

test('numbers above 2^53 stay exact', () => {
  const { memory } = statistics({ 'memory memory.limit_in_bytes': '9007199254740993\n' });
  expect(memory.usage?.limit).toBe(9_007_199_254_740_993n);
  const { cpu } = statistics({ 'cpuacct cpuacct.stat': 'user 1844674407370955161\nsystem 1\n' });
  expect(cpu.usage.user).toBe(18_446_744_073_709_551_610_000_000n);
});

test('block devices: the first scheduler that counted, each line of a device', () => {
  const throttle = {
    'blkio blkio.throttle.io_service_bytes':
      '8:0 Read 4096\n8:0 Write 0\n8:0 Total 4096\nTotal 4096\n',
    'blkio blkio.throttle.io_serviced': '8:0 Read 1\nTotal 1\n',
  };
  expect(statistics(throttle).blkio).toEqual({
    ioServicedRecursive: [{ major: 8, op: 'Read', value: 1 }],
    ioServiceBytesRecursive: [
      { major: 8, op: 'Read', value: 4096 },
      { major: 8, op: 'Write' },
      { major: 8, op: 'Total', value: 4096 },
    ],
  });
  const bfq = { ...throttle, 'blkio blkio.bfq.sectors_recursive': '254:16 8\n' };
  expect(statistics(bfq).blkio).toEqual({
    sectorsRecursive: [{ major: 254, minor: 16, value: 8 }],
  });
});

test('huge pages of the sizes that the cgroup knows', () => {
  expect(
    statistics({
      'hugetlb hugetlb.2MB.usage_in_bytes': '2097152\n',
      'hugetlb hugetlb.2MB.max_usage_in_bytes': '4194304\n',
      'hugetlb hugetlb.2MB.failcnt': '2\n',
    }).hugetlb,
  ).toEqual({ '1GB': { failcnt: 0 }, '2MB': { usage: 2_097_152, max: 4_194_304, failcnt: 2 } });
});
