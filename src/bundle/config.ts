/**
 * The types of config.json, generated from schemas/config.json, under the names that the other rooms use.
 *
 * A value of type `Config` that came out of `load.ts` has passed the schema and every rule; a property that was null is absent.
 */
export type {
  BlockIo,
  Capabilities,
  Config,
  ConsoleSize,
  CpuLimits,
  Device,
  DeviceRule,
  ExecCpuAffinity,
  Hook,
  Hooks,
  HugepageLimit,
  IdMapping,
  IntelRdt,
  IoPriority,
  Linux,
  MemoryLimits,
  MemoryPolicy,
  Mount,
  Namespace,
  NetDevice,
  NetworkLimits,
  Personality,
  PidsLimit,
  Process,
  RdmaLimit,
  Resources,
  Rlimit,
  Root,
  Scheduler,
  Seccomp,
  SyscallArg,
  SyscallRule,
  ThrottleDevice,
  TimeOffset,
  User,
  WeightDevice,
} from './generated/config.ts';
import type { Hooks, Namespace } from './generated/config.ts';

export type NamespaceType = Namespace['type'];
export type HookStage = keyof Hooks;
