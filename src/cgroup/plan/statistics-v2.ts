/**
 * Statistics of cgroup v2 (admin-guide/cgroup-v2.rst), under the names that v1 gave them.
 */
import { sorted } from './statistics-v1.ts';
import {
  type BlockEntry,
  type BlockStatistics,
  type Count,
  type CpuStatistics,
  type HugepageStatistics,
  isLargest,
  type MemoryEntry,
  type MemoryStatistics,
  sum,
  times,
  toCount,
  toPressure,
  toTable,
  type Statistics,
  withoutZeros,
} from './statistics.ts';

type ReadFile = (file: string) => string | undefined;

export function statisticsV2(read: ReadFile, pageSizes: readonly string[]): Statistics {
  const limit = toCount(read('pids.max'));
  return {
    cpu: cpu(read),
    // v2 has no such knobs
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
    memory: memory(read),
    pids: withoutZeros({ current: processes(read), limit: isLargest(limit) ? 0 : limit }),
    blkio: blockIo(read),
    hugetlb: Object.fromEntries(
      pageSizes
        .filter((size) => read(`hugetlb.${size}.current`) !== undefined)
        .map((size) => [size, hugepages((file) => read(`hugetlb.${size}.${file}`))]),
    ),
  };
}

/** Without the controller, the processes in the cgroup itself. */
function processes(read: ReadFile): Count {
  const current = read('pids.current');
  if (current !== undefined) return toCount(current);
  const lines = (read('cgroup.procs') ?? read('cgroup.threads') ?? '').split('\n');
  return lines.filter((line) => line !== '').length;
}

function cpu(read: ReadFile): CpuStatistics {
  const stat = toTable(read('cpu.stat'));
  const nanoseconds = (name: string): Count => times(stat.get(name) ?? 0, 1000);
  const throttling = withoutZeros({
    periods: stat.get('nr_periods') ?? 0,
    throttledPeriods: stat.get('nr_throttled') ?? 0,
    throttledTime: nanoseconds('throttled_usec'),
  });
  return {
    usage: {
      ...withoutZeros({ total: nanoseconds('usage_usec') }),
      kernel: nanoseconds('system_usec'),
      user: nanoseconds('user_usec'),
    },
    ...withoutZeros({ throttling, psi: toPressure(read('cpu.pressure')) }),
  };
}

function memory(read: ReadFile): MemoryStatistics {
  const table = toTable(read('memory.stat'));
  if (table.size === 0) return {};
  const events = toTable(read('memory.events'));
  const usage = entry(read, 'memory', events.get('max') ?? 0);
  const swapEvents = toTable(read('memory.swap.events'));
  const swap = entry(read, 'memory.swap', swapEvents.get('max') ?? 0);
  return withoutZeros({
    cache: table.get('file') ?? 0,
    usage,
    swap: usage && swap && together(usage, swap),
    raw: sorted(table),
    psi: toPressure(read('memory.pressure')),
  });
}

function entry(read: ReadFile, name: string, failcnt: Count): MemoryEntry | undefined {
  const current = read(`${name}.current`);
  if (current === undefined) return undefined;
  return {
    limit: toCount(read(`${name}.max`)),
    ...withoutZeros({ usage: toCount(current), max: toCount(read(`${name}.peak`)) }),
    failcnt,
  };
}

/** v1 counts memory and swap together; the highest of both at one time nobody knows. */
function together(memoryEntry: MemoryEntry, swap: MemoryEntry): MemoryEntry {
  const limit = isLargest(swap.limit) ? swap.limit : sum(swap.limit, memoryEntry.limit);
  return {
    limit: isLargest(memoryEntry.limit) ? memoryEntry.limit : limit,
    ...withoutZeros({ usage: sum(swap.usage ?? 0, memoryEntry.usage ?? 0) }),
    failcnt: swap.failcnt,
  };
}

const operations: Readonly<
  Record<string, readonly ['ioServiceBytesRecursive' | 'ioServicedRecursive', string]>
> = {
  rbytes: ['ioServiceBytesRecursive', 'Read'],
  wbytes: ['ioServiceBytesRecursive', 'Write'],
  rios: ['ioServicedRecursive', 'Read'],
  wios: ['ioServicedRecursive', 'Write'],
};

/** io.stat: lines such as `8:0 rbytes=4096 wbytes=0 rios=1 wios=0 dbytes=0 dios=0`. */
function blockIo(read: ReadFile): BlockStatistics {
  const found = {
    ioServiceBytesRecursive: [] as BlockEntry[],
    ioServicedRecursive: [] as BlockEntry[],
  };
  for (const line of (read('io.stat') ?? '').split('\n')) {
    const [, major = '', minor = '', rest = ''] = /^(\d+):(\d+) (.*)$/.exec(line) ?? [];
    for (const word of rest.split(' ')) {
      const [name = '', value] = word.split('=');
      const [table, op] = operations[name] ?? [];
      if (table === undefined) continue;
      found[table].push(
        withoutZeros({
          major: Number(major),
          minor: Number(minor),
          op: op ?? '',
          value: toCount(value),
        }),
      );
    }
  }
  return withoutZeros({ ...found, psi: toPressure(read('io.pressure')) });
}

/** What is reserved counts, where the kernel counts it. */
function hugepages(read: ReadFile): HugepageStatistics {
  const events = toTable(read('events'));
  return {
    ...withoutZeros({ usage: toCount(read('rsvd.current') ?? read('current')) }),
    failcnt: events.get('max') ?? 0,
  };
}
