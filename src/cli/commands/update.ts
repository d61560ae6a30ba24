/** `update`: other limits for a container that is there. */
import type { Resources, UpdateRequest } from '../../runtime/requests.ts';
import { bytes, integer } from '../amounts.ts';
import { command, exactly } from '../command.ts';
import type { Command } from '../command.ts';
import { given, longName, text } from '../option.ts';
import type { Option } from '../option.ts';

/** The name stands in the refusal of a value, so it is given here as well. */
function amount(
  name: string,
  about: string,
  read: (text: string, option: string) => number = integer,
): Option<number | undefined> {
  return {
    about,
    value: read === bytes ? 'bytes' : 'number',
    initial: undefined,
    read: (word) => (word === '' ? undefined : read(word, name)),
  };
}

const ignored: Option<string | undefined> = text('ignored, with a warning', { hidden: true });

const options = {
  resources: text(
    'file with limits as in linux.resources of config.json, or - for stdin; other options are ignored then',
    { short: 'r' },
  ),
  blkioWeight: amount('blkio-weight', 'share of every block device, from 10 to 1000'),
  cpuPeriod: amount('cpu-period', 'length of a CPU period in microseconds'),
  cpuQuota: amount('cpu-quota', 'CPU time for each period in microseconds, -1 for no limit'),
  cpuBurst: amount('cpu-burst', 'CPU time that may be saved up, in microseconds'),
  cpuShare: amount('cpu-share', 'share of the CPU against other containers'),
  cpuRtPeriod: amount('cpu-rt-period', 'length of a real-time period in microseconds (cgroup v1)'),
  cpuRtRuntime: amount(
    'cpu-rt-runtime',
    'real-time CPU time for each period in microseconds (cgroup v1)',
  ),
  cpusetCpus: text('CPUs to use, such as 0-3,7'),
  cpusetMems: text('memory nodes to use'),
  kernelMemory: ignored,
  kernelMemoryTcp: ignored,
  memory: amount('memory', 'limit of memory, such as 512m; -1 for no limit', bytes),
  memoryReservation: amount(
    'memory-reservation',
    'memory that is kept for the container, -1 for no limit',
    bytes,
  ),
  memorySwap: amount('memory-swap', 'limit of memory and swap together, -1 for no limit', bytes),
  pidsLimit: amount('pids-limit', 'limit of processes and threads, -1 for no limit'),
  cpuIdle: amount('cpu-idle', '1 for a container that only gets idle CPU time, else 0'),
  l3CacheSchema: text('Intel RDT: shares of the L3 cache'),
  memBwSchema: text('Intel RDT: shares of the memory bandwidth'),
} as const;

type Values = {
  readonly [K in keyof typeof options]: (typeof options)[K] extends Option<infer T> ? T : never;
};

export const updateCommand: Command = command({
  usage: '<container-id>',
  description:
    'Changes the limits of a container while it is there. What is not named stays as it is; when\n' +
    'one of the new limits is refused, all the old ones hold.',
  arity: exactly(1),
  options,
  request: ([id = ''], values): UpdateRequest => {
    const { resources, l3CacheSchema, memBwSchema } = values;
    if (resources !== undefined) return { id, limits: { kind: 'file', path: resources }, rdt: {} };
    const unused = ignoredOf(values);
    return {
      id,
      limits: { kind: 'given', resources: resourcesOf(values) },
      rdt: given({ l3CacheSchema, memBwSchema }),
      ...(unused.length > 0 && { ignored: unused }),
    };
  },
  run: (request, runtime) => runtime.update(request),
});

const ignoredOf = (values: Values): readonly string[] =>
  (['kernelMemory', 'kernelMemoryTcp'] as const)
    .filter((key) => values[key] !== undefined)
    .map((key) => `--${longName(key)}`);

/** Only the sections that something was said of. */
function resourcesOf(values: Values): Resources {
  const sections = {
    memory: given({
      limit: values.memory,
      reservation: values.memoryReservation,
      swap: values.memorySwap,
    }),
    cpu: given({
      shares: values.cpuShare,
      quota: values.cpuQuota,
      burst: values.cpuBurst,
      period: values.cpuPeriod,
      realtimeRuntime: values.cpuRtRuntime,
      realtimePeriod: values.cpuRtPeriod,
      cpus: values.cpusetCpus,
      mems: values.cpusetMems,
      idle: values.cpuIdle,
    }),
    pids: given({ limit: values.pidsLimit }),
    blockIO: given({ weight: values.blkioWeight }),
  };
  return Object.fromEntries(
    Object.entries(sections).filter(([, section]) => Object.keys(section).length > 0),
  );
}
