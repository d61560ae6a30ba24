/**
 * Limits that replace others: what is named is new, what is not named stays.
 */
import type { Resources } from '../../bundle/config.ts';

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
    unified,
    ...rest
  } = asked;
  return {
    ...before,
    ...rest,
    ...(memory && { memory: mergeMemory(before.memory ?? {}, memory) }),
    ...(cpu && { cpu: mergeCpu(before.cpu ?? {}, cpu) }),
    ...(blockIO && { blockIO: mergeBlockIo(before.blockIO ?? {}, blockIO) }),
    ...(network && { network: mergeNetwork(before.network ?? {}, network) }),
    ...(rdma && { rdma: { ...before.rdma, ...rdma } }),
    ...(unified && { unified: { ...before.unified, ...unified } }),
    ...(hugepageLimits && {
      hugepageLimits: byKey(before.hugepageLimits, hugepageLimits, ({ pageSize }) => pageSize),
    }),
  };
}

type Memory = NonNullable<Resources['memory']>;
type Cpu = NonNullable<Resources['cpu']>;
type BlockIo = NonNullable<Resources['blockIO']>;
type Network = NonNullable<Resources['network']>;

/** Unlimited memory makes a limit on both together meaningless, unless it is given anew; the check is asked for each time. */
function mergeMemory(before: Memory, asked: Memory): Memory {
  const { checkBeforeUpdate: _, ...kept } = before;
  const merged = { ...kept, ...asked };
  if (asked.limit === -1 && asked.swap === undefined) merged.swap = 0;
  return merged;
}

/** A cgroup has a weight or is idle: the one that was named last counts. */
function mergeCpu(before: Cpu, asked: Cpu): Cpu {
  const merged = { ...before, ...asked };
  if (asked.idle !== undefined && asked.shares === undefined) delete merged.shares;
  if (asked.shares !== undefined && asked.idle === undefined && before.idle === 1) merged.idle = 0;
  return merged;
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
