/**
 * What the verbs need of cgroups, as one port, and its first implementation: directories in the
 * cgroup file systems. A driver that asks systemd instead stands behind the same interface.
 */
import type { Delegation } from '../plan/delegation.ts';
import type { DeviceFilter } from '../plan/device-rules.ts';
import { type CgroupPlacement, type PlacementRequest, placeContainer } from '../plan/placement.ts';
import { createCgroup, refuseOccupied } from './create.ts';
import { delegate } from './delegate.ts';
import { applyDevices, type DevicePrograms } from './devices.ts';
import { isFrozen } from './freezer.ts';
import { joinCgroup } from './join.ts';
import { killAll, type SendSignal, signalAll } from './kill.ts';
import { processesIn } from './processes.ts';
import { readLayout } from './read-layout.ts';
import { removeCgroup } from './remove.ts';

export interface Cgroups {
  /** Decides where a container's cgroups will be; makes nothing. */
  place(request: PlacementRequest): CgroupPlacement;
  /** Fails with `busy` when the cgroups hold processes or are frozen; to be asked before the record is written. */
  refuseOccupied(placement: CgroupPlacement): void;
  /** Makes the cgroups; asks `refuseOccupied` of those that exist. Leaves nothing behind when it fails. */
  create(placement: CgroupPlacement): void;
  /** Moves a process into all of them. */
  join(placement: CgroupPlacement, pid: number): void;
  /** Puts a device filter into force in place of an earlier one. */
  applyDevices(placement: CgroupPlacement, filter: DeviceFilter): void;
  /** Lets a user change the cgroup from inside: the folder and the files that are safe to give. */
  delegate(delegation: Delegation): void;
  /** Host pids of all processes, those in nested cgroups included; empty when there is no such cgroup. */
  processes(placement: CgroupPlacement): readonly number[];
  isFrozen(placement: CgroupPlacement): boolean;
  /** Sends a signal to every process. */
  signalAll(placement: CgroupPlacement, signal: number): void;
  /** Kills every process and waits until none is left. */
  killAll(placement: CgroupPlacement): void;
  /** Removes the cgroups and all below them; what is gone already is no failure. */
  remove(placement: CgroupPlacement): void;
}

/** What the implementation needs of the kernel beyond files. */
export interface CgroupPorts {
  readonly send: SendSignal;
  readonly programs: DevicePrograms;
}

export function cgroupfs({ send, programs }: CgroupPorts): Cgroups {
  return {
    place: (request) => placeContainer(readLayout(), request),
    refuseOccupied,
    create: createCgroup,
    join: joinCgroup,
    applyDevices: (placement, filter) => applyDevices(placement, filter, programs),
    delegate,
    processes: processesIn,
    isFrozen,
    signalAll: (placement, signal) => signalAll(placement, signal, send),
    killAll: (placement) => killAll(placement, send),
    remove: removeCgroup,
  };
}
