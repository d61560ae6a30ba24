/**
 * What the verbs need of cgroups, as one port. Directories in the cgroup file systems are always ours to fill; who makes
 * them is the driver's: we (cgroupfs), systemd, or nobody (disabled). The placement that a driver decided on says which
 * it was, so that every later command finds the same, whatever its options.
 */
import type { Resources } from '../../bundle/config.ts';
import type { Delegation } from '../plan/delegation.ts';
import type { DeviceFilter } from '../plan/device-rules.ts';
import type {
  CgroupDirectory,
  CgroupPlacement,
  Freezer,
  PlacementRequest,
} from '../plan/placement.ts';
import type { Statistics } from '../plan/statistics.ts';
import type { LimitChange, LimitStage } from './limits.ts';
import type { OomWatch } from './oom-notices.ts';

export type CgroupManager = 'cgroupfs' | 'systemd' | 'disabled';

/** What systemd is told of a container. */
export interface UnitSubject {
  readonly id: string;
  /** Its first process, which a scope is made around. */
  readonly pid: number;
  readonly resources: Resources;
  readonly filter: DeviceFilter;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface Cgroups {
  /** Decides where a container's cgroups will be; makes nothing. */
  place(request: PlacementRequest): Promise<CgroupPlacement>;
  /** Where a user without the right to a cgroup of its own lets the container stay in the caller's: those, of v1. */
  callers(placement: CgroupPlacement): readonly CgroupDirectory[];
  /** Fails with `busy` when the cgroups hold processes or are frozen; to be asked before the record is written. */
  refuseOccupied(placement: CgroupPlacement): void;
  /** Has systemd make the unit of the placement, where it has one, with the process in it. */
  startUnit(placement: CgroupPlacement, subject: UnitSubject): Promise<void>;
  /** Whether this user may move a process of its own into all of them; of root it need not be asked. */
  mayJoin(placement: CgroupPlacement): Promise<boolean>;
  /** Has systemd move a process into the unit of the placement: it may do so where the caller may not. */
  joinUnit(placement: CgroupPlacement, pid: number): Promise<void>;
  /** Makes the cgroups; asks `refuseOccupied` of those that exist. Leaves nothing behind when it fails. */
  create(placement: CgroupPlacement): void;
  /** Puts a device filter into force in place of an earlier one. */
  applyDevices(placement: CgroupPlacement, filter: DeviceFilter): void;
  /** Sets those of the limits whose time this is; fails with `limit-refused` or `host-lacks`, by the property. */
  setLimits(placement: CgroupPlacement, resources: Resources, stage: LimitStage): Promise<void>;
  /** Exchanges limits; all of the old ones are in force again when it fails. */
  changeLimits(placement: CgroupPlacement, change: LimitChange): Promise<void>;
  /** Lets a user change the cgroup from inside: the folder and the files that are safe to give. */
  delegate(delegation: Delegation): void;
  /** Host pids of all processes, those in nested cgroups included; empty when there is no such cgroup. */
  processes(placement: CgroupPlacement): readonly number[];
  /** Where a process is in the v2 tree; undefined when that cannot be told. */
  pathOf(placement: CgroupPlacement, pid: number): string | undefined;
  isFrozen(freezer: Freezer | undefined): boolean;
  statistics(placement: CgroupPlacement): Promise<Statistics>;
  watchOom(placement: CgroupPlacement): Promise<OomWatch>;
  /** Whether memory has run out for one of its processes. */
  hadOom(placement: CgroupPlacement): Promise<boolean>;
  /** Stops every process, and returns when they have stopped. */
  pause(placement: CgroupPlacement): Promise<void>;
  resume(placement: CgroupPlacement): void;
  /** Sends a signal to every process. */
  signalAll(placement: CgroupPlacement, signal: number): Promise<void>;
  /** Kills every process and waits until none is left. */
  killAll(placement: CgroupPlacement): Promise<void>;
  /** Removes the cgroups and all below them; what is gone already is no failure. */
  remove(placement: CgroupPlacement): Promise<void>;
}
