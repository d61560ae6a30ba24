/**
 * What a container's cgroups have counted, in runc's shape of it: what is 0 there by nature is left out, as in Go.
 *
 * Whoever reads files hands the texts in; undefined is a file that this kernel, or this cgroup, does not have.
 */

/** A counter of 64 bits; a bigint where a number would not be exact. */
export type Count = number | bigint;

export type ReadStatistic = (controller: string, file: string) => string | undefined;

export interface PressureLine {
  readonly avg10: number;
  readonly avg60: number;
  readonly avg300: number;
  readonly total: Count;
}

export interface Pressure {
  readonly some: PressureLine;
  readonly full: PressureLine;
}

/** Times in nanoseconds. */
export interface CpuStatistics {
  readonly usage: {
    readonly total?: Count;
    readonly percpu?: readonly Count[];
    readonly percpu_kernel?: readonly Count[];
    readonly percpu_user?: readonly Count[];
    readonly kernel: Count;
    readonly user: Count;
  };
  readonly throttling?: {
    readonly periods?: Count;
    readonly throttledPeriods?: Count;
    readonly throttledTime?: Count;
  };
  readonly psi?: Pressure;
}

export interface CpusetStatistics {
  readonly cpus?: readonly number[];
  readonly cpu_exclusive: number;
  readonly mems?: readonly number[];
  readonly mem_hardwall: number;
  readonly mem_exclusive: number;
  readonly memory_migrate: number;
  readonly memory_spread_page: number;
  readonly memory_spread_slab: number;
  readonly memory_pressure: number;
  readonly sched_load_balance: number;
  readonly sched_relax_domain_level: number;
}

/** Bytes; a limit of 2^64 - 1 is none. */
export interface MemoryEntry {
  readonly limit: Count;
  readonly usage?: Count;
  readonly max?: Count;
  readonly failcnt: Count;
}

export interface MemoryStatistics {
  readonly cache?: Count;
  readonly usage?: MemoryEntry;
  /** Memory and swap together, on v2 too. */
  readonly swap?: MemoryEntry;
  readonly kernel?: MemoryEntry;
  readonly kernelTCP?: MemoryEntry;
  /** memory.stat as it is. */
  readonly raw?: Readonly<Record<string, Count>>;
  readonly psi?: Pressure;
}

export interface BlockEntry {
  readonly major?: number;
  readonly minor?: number;
  readonly op?: string;
  readonly value?: Count;
}

export type BlockTable =
  | 'ioServiceBytesRecursive'
  | 'ioServicedRecursive'
  | 'ioQueueRecursive'
  | 'ioServiceTimeRecursive'
  | 'ioWaitTimeRecursive'
  | 'ioMergedRecursive'
  | 'ioTimeRecursive'
  | 'sectorsRecursive';

export type BlockStatistics = Readonly<Partial<Record<BlockTable, readonly BlockEntry[]>>> & {
  readonly psi?: Pressure;
};

export interface HugepageStatistics {
  readonly usage?: Count;
  readonly max?: Count;
  readonly failcnt: Count;
}

export interface Statistics {
  readonly cpu: CpuStatistics;
  readonly cpuset: CpusetStatistics;
  readonly memory: MemoryStatistics;
  readonly pids: { readonly current?: Count; readonly limit?: Count };
  readonly blkio: BlockStatistics;
  /** By page size, such as `2MB`. */
  readonly hugetlb: Readonly<Record<string, HugepageStatistics>>;
}

const largest = 0xffff_ffff_ffff_ffffn;

/** A number of a control file; `max` is the largest there is, nothing is 0. */
export function toCount(text: string | undefined): Count {
  const trimmed = text?.trim() ?? '';
  if (trimmed === 'max') return largest;
  if (!/^\d+$/.test(trimmed)) return 0;
  const number = Number(trimmed);
  return Number.isSafeInteger(number) ? number : BigInt(trimmed);
}

export function times(count: Count, factor: number): Count {
  const product = BigInt(count) * BigInt(factor);
  return product <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(product) : product;
}

export function sum(a: Count, b: Count): Count {
  const total = BigInt(a) + BigInt(b);
  return total <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(total) : total;
}

export const isLargest = (count: Count): boolean => count === largest;

/** Files of lines `name number`. */
export function toTable(text: string | undefined): ReadonlyMap<string, Count> {
  const table = new Map<string, Count>();
  for (const line of (text ?? '').split('\n')) {
    const space = line.indexOf(' ');
    if (space > 0) table.set(line.slice(0, space), toCount(line.slice(space + 1)));
  }
  return table;
}

type WithoutZeros<T> = { readonly [K in keyof T]?: NonNullable<T[K]> };

/** Leaves out what is 0, empty or not there. */
export function withoutZeros<T extends object>(values: T): WithoutZeros<T> {
  const kept = Object.entries(values).filter(([, value]: [string, unknown]) => !isZero(value));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a part of the same entries
  return Object.fromEntries(kept) as WithoutZeros<T>;
}

function isZero(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0;
  return value === undefined || value === 0 || value === '' || value === 0n;
}

/** PSI: lines such as `some avg10=0.00 avg60=0.00 avg300=0.00 total=0`; undefined where the kernel keeps none. */
export function toPressure(text: string | undefined): Pressure | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const lineOf = (kind: string): PressureLine => {
    const line = text.split('\n').find((candidate) => candidate.startsWith(`${kind} `)) ?? '';
    const value = (name: string): string => new RegExp(`${name}=([\\d.]+)`).exec(line)?.[1] ?? '0';
    return {
      avg10: Number(value('avg10')),
      avg60: Number(value('avg60')),
      avg300: Number(value('avg300')),
      total: toCount(value('total')),
    };
  };
  return { some: lineOf('some'), full: lineOf('full') };
}
