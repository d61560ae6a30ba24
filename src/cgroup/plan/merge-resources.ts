/**
 * Limits that replace others: what is named is new, what is not named stays.
 */
import type { Resources } from '../../bundle/config.ts';
import { isIdle, weightFiles } from './limits/idle.ts';
import { limitRules } from './limits/index.ts';

/** Of lists by device or name, an entry takes the place of that of the same device; device rules stay as they are. */
export function mergeResources(before: Resources, asked: Resources): Resources {
  const {
    devices: _,
    memory,
    cpu,
    blockIO,
    hugepageLimits,
    network,
    rdma,
    unified: _unified,
    ...rest
  } = asked;
  const unified = mergeUnified(before, asked);
  return {
    ...before,
    ...rest,
    ...(memory && { memory: mergeMemory(before.memory ?? {}, memory) }),
    ...((cpu || before.cpu) && { cpu: mergeCpu(before, asked) }),
    ...(blockIO && { blockIO: mergeBlockIo(before.blockIO ?? {}, blockIO) }),
    ...(network && { network: mergeNetwork(before.network ?? {}, network) }),
    ...(rdma && { rdma: { ...before.rdma, ...rdma } }),
    ...(unified && { unified }),
    ...(hugepageLimits && {
      hugepageLimits: byKey(before.hugepageLimits, hugepageLimits, ({ pageSize }) => pageSize),
    }),
  };
}

type Memory = NonNullable<Resources['memory']>;
type Cpu = NonNullable<Resources['cpu']>;
type BlockIo = NonNullable<Resources['blockIO']>;
type Network = NonNullable<Resources['network']>;
type Unified = NonNullable<Resources['unified']>;

/** Unlimited memory makes a limit on both together meaningless, unless it is given anew; the check is asked for each time. */
function mergeMemory(before: Memory, asked: Memory): Memory {
  const { checkBeforeUpdate: _, ...kept } = before;
  const merged = { ...kept, ...asked };
  if (asked.limit === -1 && asked.swap === undefined) merged.swap = 0;
  return merged;
}

const namesIdle = ({ cpu, unified }: Resources): boolean =>
  cpu?.idle !== undefined || unified?.['cpu.idle'] !== undefined;

/** Where a weight is named and nothing more. */
const endsIdle = (before: Resources, asked: Resources): boolean =>
  isIdle(before) && !namesIdle(asked);

/** A cgroup has a weight or is idle: the one that was named last counts. */
function mergeCpu(before: Resources, { cpu = {}, unified = {} }: Resources): Cpu {
  const merged: Cpu = { ...before.cpu, ...cpu };
  if (cpu.shares === undefined && namesIdle({ cpu, unified })) delete merged.shares;
  if (cpu.shares !== undefined && endsIdle(before, { cpu, unified })) merged.idle = 0;
  return merged;
}

/** A property takes the place of the file's own name, which would be written after it for ever. */
function mergeUnified(before: Resources, asked: Resources): Unified | undefined {
  const { unified = {}, ...properties } = asked;
  if (before.unified === undefined && asked.unified === undefined) return undefined;
  const files = limitRules.flatMap(({ v2 }) => v2?.writes(properties) ?? []);
  const replaced = new Set(files.map(({ file }) => file));
  const weighs = weightFiles.some((file) => file in unified);
  if (namesIdle(asked) || weighs || properties.cpu?.shares !== undefined)
    for (const file of ['cpu.idle', ...weightFiles]) replaced.add(file);
  const kept = Object.entries(before.unified ?? {}).filter(([file]) => !replaced.has(file));
  const ends = weighs && endsIdle(before, asked) && { 'cpu.idle': '0' };
  return { ...Object.fromEntries(kept), ...ends, ...unified };
}

function mergeBlockIo(before: BlockIo, asked: BlockIo): BlockIo {
  const device = ({ major, minor }: { readonly major: number; readonly minor: number }) =>
    `${major}:${minor}`;
  const merged: BlockIo = { ...before, ...asked };
  for (const name of throttles)
    if (asked[name]) merged[name] = byKey(before[name], asked[name], device);
  if (asked.weightDevice)
    merged.weightDevice = byKey(before.weightDevice, asked.weightDevice, device);
  return merged;
}

function mergeNetwork(before: Network, asked: Network): Network {
  const merged: Network = { ...before, ...asked };
  if (asked.priorities)
    merged.priorities = byKey(before.priorities, asked.priorities, ({ name }) => name);
  return merged;
}

const throttles = [
  'throttleReadBpsDevice',
  'throttleWriteBpsDevice',
  'throttleReadIOPSDevice',
  'throttleWriteIOPSDevice',
] as const;

function byKey<T>(before: readonly T[] = [], asked: readonly T[], keyOf: (item: T) => string): T[] {
  const found = new Map<string, T>();
  for (const item of [...before, ...asked]) found.set(keyOf(item), item);
  return [...found.values()];
}
