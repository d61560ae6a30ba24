/**
 * How a process is scheduled: config.md#linux-process, and linux.personality and linux.memoryPolicy beside it.
 */
import type { Config, Process } from '../bundle/config.ts';
import { everyCpu, maskWords } from './number-list.ts';
import type { Draft } from './plan.ts';

type SchedulerOf = NonNullable<Process['scheduler']>;
type IoClass = NonNullable<Process['ioPriority']>['class'];
type MemoryPolicyOf = NonNullable<NonNullable<Config['linux']>['memoryPolicy']>;

/** include/uapi/linux/sched.h */
const policies: Readonly<Record<SchedulerOf['policy'], number>> = {
  SCHED_OTHER: 0,
  SCHED_FIFO: 1,
  SCHED_RR: 2,
  SCHED_BATCH: 3,
  SCHED_ISO: 4,
  SCHED_IDLE: 5,
  SCHED_DEADLINE: 6,
};

const schedulerFlags: Readonly<Record<NonNullable<SchedulerOf['flags']>[number], bigint>> = {
  SCHED_FLAG_RESET_ON_FORK: 0x01n,
  SCHED_FLAG_RECLAIM: 0x02n,
  SCHED_FLAG_DL_OVERRUN: 0x04n,
  SCHED_FLAG_KEEP_POLICY: 0x08n,
  SCHED_FLAG_KEEP_PARAMS: 0x10n,
  SCHED_FLAG_UTIL_CLAMP_MIN: 0x20n,
  SCHED_FLAG_UTIL_CLAMP_MAX: 0x40n,
};

/** include/uapi/linux/ioprio.h */
const ioClasses: Readonly<Record<IoClass, number>> = {
  IOPRIO_CLASS_RT: 1,
  IOPRIO_CLASS_BE: 2,
  IOPRIO_CLASS_IDLE: 3,
};

/** include/uapi/linux/mempolicy.h */
const memoryModes: Readonly<Record<MemoryPolicyOf['mode'], number>> = {
  MPOL_DEFAULT: 0,
  MPOL_PREFERRED: 1,
  MPOL_BIND: 2,
  MPOL_INTERLEAVE: 3,
  MPOL_LOCAL: 4,
  MPOL_PREFERRED_MANY: 5,
  MPOL_WEIGHTED_INTERLEAVE: 6,
};

const memoryFlags: Readonly<Record<NonNullable<MemoryPolicyOf['flags']>[number], number>> = {
  MPOL_F_STATIC_NODES: 1 << 15,
  MPOL_F_RELATIVE_NODES: 1 << 14,
  MPOL_F_NUMA_BALANCING: 1 << 13,
};

/** For `features`. */
export const memoryPolicyNames: Readonly<Record<'modes' | 'flags', readonly string[]>> = {
  modes: Object.keys(memoryModes),
  flags: Object.keys(memoryFlags),
};

/** personality(2) */
const personalities: Readonly<Record<'LINUX' | 'LINUX32', number>> = { LINUX: 0, LINUX32: 8 };

/** All of it while the process still has the privileges that it takes. */
export function addScheduling(draft: Draft, process: Process, linux: Config['linux']): void {
  if (process.scheduler) addScheduler(draft, process.scheduler);
  if (process.ioPriority) {
    const { class: name, priority = 0 } = process.ioPriority;
    draft.add(
      `set the I/O priority to ${name} ${priority}`,
      { kind: 'ioPriority', value: (ioClasses[name] << 13) | priority },
      { origin: 'process.ioPriority' },
    );
  }
  if (linux?.personality)
    draft.add(
      `set the personality ${linux.personality.domain}`,
      { kind: 'personality', domain: personalities[linux.personality.domain] },
      { origin: 'linux.personality' },
    );
  if (linux?.memoryPolicy) addMemoryPolicy(draft, linux.memoryPolicy);
}

function addScheduler(draft: Draft, scheduler: SchedulerOf): void {
  draft.add(
    `set the scheduling policy ${scheduler.policy}`,
    {
      kind: 'scheduler',
      policy: policies[scheduler.policy],
      flags: (scheduler.flags ?? []).reduce((all, flag) => all | schedulerFlags[flag], 0n),
      nice: (scheduler.nice ?? 0) >>> 0,
      priority: scheduler.priority ?? 0,
      runtime: BigInt(scheduler.runtime ?? 0),
      deadline: BigInt(scheduler.deadline ?? 0),
      period: BigInt(scheduler.period ?? 0),
    },
    {
      origin: 'process.scheduler',
      explain: {
        EPERM: "process scheduler can't be used together with AllowedCPUs, or lacks CAP_SYS_NICE",
      },
    },
  );
}

function addMemoryPolicy(draft: Draft, policy: MemoryPolicyOf): void {
  const flags = (policy.flags ?? []).reduce((all, flag) => all | memoryFlags[flag], 0);
  draft.add(
    `set the memory policy ${policy.mode}`,
    {
      kind: 'memoryPolicy',
      mode: memoryModes[policy.mode] | flags,
      nodes: maskWords(policy.nodes ?? ''),
    },
    { origin: 'linux.memoryPolicy' },
  );
}

/** The caller may be pinned to a few CPUs; a container is not, but for its cpuset. */
export function addEveryCpu(draft: Draft): void {
  draft.add(
    'run on every CPU that the cpuset allows',
    { kind: 'cpuAffinity', mask: everyCpu },
    { tolerate: ['any'] },
  );
}

/** execCPUAffinity: `initial` before the process enters the cgroup, `final` after. */
export function addAffinity(draft: Draft, list: string, which: 'initial' | 'final'): void {
  draft.add(
    `run on the CPUs ${list}`,
    { kind: 'cpuAffinity', mask: maskWords(list) },
    { origin: `process.execCPUAffinity.${which}` },
  );
}
