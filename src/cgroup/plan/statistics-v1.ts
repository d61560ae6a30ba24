/**
 * Statistics of cgroup v1: admin-guide/cgroup-v1/.
 */
import { parseCpuList } from './cpu-list.ts';
import {
  type BlockEntry,
  type BlockStatistics,
  type BlockTable,
  type Count,
  type CpuStatistics,
  type CpusetStatistics,
  type HugepageStatistics,
  type MemoryEntry,
  type MemoryStatistics,
  type ReadStatistic,
  type Statistics,
  times,
  toCount,
  toTable,
  withoutZeros,
} from './statistics.ts';

/** USER_HZ, in which cpuacct.stat counts: 100 a second on every architecture that runs containers. */
const nanosecondsPerTick = 10_000_000;

export function statisticsV1(read: ReadStatistic, pageSizes: readonly string[]): Statistics {
  return {
    cpu: cpu(read),
    cpuset: cpuset((file) => read('cpuset', file)),
    memory: memory((file) => read('memory', file)),
    pids: withoutZeros({
      current: toCount(read('pids', 'pids.current')),
      limit: unlessMax(read('pids', 'pids.max')),
    }),
    blkio: blockIo((file) => read('blkio', file)),
    hugetlb: Object.fromEntries(
      pageSizes
        .filter((size) => read('hugetlb', `hugetlb.${size}.usage_in_bytes`) !== undefined)
        .map((size) => [size, hugepages((file) => read('hugetlb', `hugetlb.${size}.${file}`))]),
    ),
  };
}

type ReadFile = (file: string) => string | undefined;

const unlessMax = (text: string | undefined): Count => (text?.trim() === 'max' ? 0 : toCount(text));

function cpu(read: ReadStatistic): CpuStatistics {
  const ticks = toTable(read('cpuacct', 'cpuacct.stat'));
  // `cpu user system`, then a line for each CPU
  const rows = (read('cpuacct', 'cpuacct.usage_all') ?? '')
    .split('\n')
    .slice(1)
    .filter((line) => line !== '')
    .map((line) => line.split(' ').map(toCount));
  const percpu = (read('cpuacct', 'cpuacct.usage_percpu') ?? '').trim();
  const stat = toTable(read('cpu', 'cpu.stat'));
  const throttling = withoutZeros({
    periods: stat.get('nr_periods') ?? 0,
    throttledPeriods: stat.get('nr_throttled') ?? 0,
    throttledTime: stat.get('throttled_time') ?? 0,
  });
  return {
    usage: {
      ...withoutZeros({
        total: toCount(read('cpuacct', 'cpuacct.usage')),
        percpu: percpu === '' ? [] : percpu.split(' ').map(toCount),
        percpu_kernel: rows.map(([, , system = 0]) => system),
        percpu_user: rows.map(([, user = 0]) => user),
      }),
      kernel: times(ticks.get('system') ?? 0, nanosecondsPerTick),
      user: times(ticks.get('user') ?? 0, nanosecondsPerTick),
    },
    ...withoutZeros({ throttling }),
  };
}

function cpuset(read: ReadFile): CpusetStatistics {
  const number = (name: string): number => Number(read(`cpuset.${name}`)?.trim() ?? 0);
  const list = (name: string): readonly number[] =>
    parseCpuList(read(`cpuset.${name}`) ?? '') ?? [];
  return {
    ...withoutZeros({ cpus: list('cpus') }),
    cpu_exclusive: number('cpu_exclusive'),
    ...withoutZeros({ mems: list('mems') }),
    mem_hardwall: number('mem_hardwall'),
    mem_exclusive: number('mem_exclusive'),
    memory_migrate: number('memory_migrate'),
    memory_spread_page: number('memory_spread_page'),
    memory_spread_slab: number('memory_spread_slab'),
    memory_pressure: number('memory_pressure'),
    sched_load_balance: number('sched_load_balance'),
    sched_relax_domain_level: number('sched_relax_domain_level'),
  };
}

function memory(read: ReadFile): MemoryStatistics {
  const table = toTable(read('memory.stat'));
  const entry = (name: string): MemoryEntry | undefined => {
    const limit = read(`${name}.limit_in_bytes`);
    if (limit === undefined) return undefined;
    return {
      limit: toCount(limit),
      ...withoutZeros({
        usage: toCount(read(`${name}.usage_in_bytes`)),
        max: toCount(read(`${name}.max_usage_in_bytes`)),
      }),
      failcnt: toCount(read(`${name}.failcnt`)),
    };
  };
  return withoutZeros({
    cache: table.get('cache') ?? 0,
    usage: entry('memory'),
    swap: entry('memory.memsw'),
    kernel: entry('memory.kmem'),
    kernelTCP: entry('memory.kmem.tcp'),
    raw: sorted(table),
  });
}

/** As Go prints a map. */
export function sorted(table: ReadonlyMap<string, Count>): Readonly<Record<string, Count>> {
  return Object.fromEntries([...table].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const tables: Readonly<Record<string, BlockTable>> = {
  sectors: 'sectorsRecursive',
  io_service_time: 'ioServiceTimeRecursive',
  io_wait_time: 'ioWaitTimeRecursive',
  io_merged: 'ioMergedRecursive',
  io_queued: 'ioQueueRecursive',
  time: 'ioTimeRecursive',
  io_serviced: 'ioServicedRecursive',
  io_service_bytes: 'ioServiceBytesRecursive',
};

/** The schedulers count apart from each other: the first of them that counted for this cgroup is told. */
function blockIo(read: ReadFile): BlockStatistics {
  for (const [prefix, suffix] of [
    ['blkio.bfq.', '_recursive'],
    ['blkio.', '_recursive'],
    ['blkio.throttle.', '_recursive'],
    ['blkio.throttle.', ''],
  ] as const) {
    const found = Object.entries(tables).flatMap(([name, table]) => {
      const entries = blockEntries(read(`${prefix}${name}${suffix}`));
      return entries.length === 0 ? [] : [[table, entries] as const];
    });
    if (found.length > 0) return Object.fromEntries(found);
  }
  return {};
}

/** Lines `8:0 Read 4096` or `8:0 4096`, and a last one for all devices. */
function blockEntries(text: string | undefined): readonly BlockEntry[] {
  return (text ?? '').split('\n').flatMap((line) => {
    const [, major = '', minor = '', op = '', value = ''] =
      /^(\d+):(\d+) (?:(\w+) )?(\d+)$/.exec(line) ?? [];
    if (major === '') return [];
    return [
      withoutZeros({ major: Number(major), minor: Number(minor), op, value: toCount(value) }),
    ];
  });
}

function hugepages(read: ReadFile): HugepageStatistics {
  return {
    ...withoutZeros({
      usage: toCount(read('usage_in_bytes')),
      max: toCount(read('max_usage_in_bytes')),
    }),
    failcnt: toCount(read('failcnt')),
  };
}
