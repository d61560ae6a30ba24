/**
 * The drivers behind the one port: cgroupfs, systemd, and none.
 */
import { isRuntError } from '../../base/errors.ts';
import { orUnwind } from '../../base/unwind.ts';
import type { Resources } from '../../bundle/config.ts';
import { callersPart, placeContainer } from '../plan/placement.ts';
import type { CgroupManager, Cgroups } from './cgroups.ts';
import { createCgroup, refuseOccupied } from './create.ts';
import { delegate } from './delegate.ts';
import { applyDevices, type DevicePrograms } from './devices.ts';
import { isFrozen, pauseAll, resumeAll } from './freezer.ts';
import { killAll, type SendSignal, signalAll } from './kill.ts';
import { processesIn, unifiedPathOf } from './processes.ts';
import { readLayout } from './read-layout.ts';
import { removeCgroup } from './remove.ts';
import type { BusAccess, SystemdOptions } from './systemd.ts';

/** What the implementation needs of the kernel beyond files. */
export interface CgroupPorts {
  readonly send: SendSignal;
  readonly programs: DevicePrograms;
  readonly bus: BusAccess;
}

export interface CgroupOptions extends Pick<SystemdOptions, 'prefix'> {
  readonly manager: CgroupManager;
  /** Units are made by the user's own service manager. */
  readonly usersManager: () => boolean;
  /** What this user may not make, fill or filter is done without. */
  readonly mayLack: () => boolean;
}

export function openCgroups(ports: CgroupPorts, options: CgroupOptions): Cgroups {
  const { send, programs, bus } = ports;
  const systemd = () => import('./systemd.ts');
  /** A unit that could not be started may be somebody else's. */
  const notOurs = new Set<string>();
  return {
    async place(request) {
      const layout = readLayout();
      if (options.manager === 'disabled') return { mode: layout.mode, directories: [] };
      if (options.manager === 'cgroupfs') {
        const placement = placeContainer(layout, request);
        if (!options.mayLack()) return placement;
        return (await import('./usable.ts')).usablePart(layout, placement, request);
      }
      const { prefix, usersManager } = options;
      const unit = { prefix, user: usersManager() };
      return (await systemd()).placeInUnit(bus, layout, request, unit);
    },
    callers: (placement) =>
      placement.mode === 'v2' || !options.mayLack() ? [] : callersPart(readLayout(), placement),
    refuseOccupied,
    async startUnit(placement, subject) {
      const { unit } = placement;
      if (unit === undefined) return;
      notOurs.add(unit.name);
      await (await systemd()).startUnit(bus, placement, unit, subject);
      notOurs.delete(unit.name);
    },
    mayJoin: async (placement) => (await import('./usable.ts')).mayJoin(readLayout(), placement),
    async joinUnit({ unit }, pid) {
      if (unit) await (await systemd()).joinUnit(bus, unit, pid);
    },
    create: createCgroup,
    applyDevices(placement, filter) {
      // whoever wants no cgroups has no filter: the caller's own holds
      if (options.manager === 'disabled') return;
      try {
        applyDevices(placement, filter, programs);
      } catch (error) {
        // a user's devices are those that its host gives it, and it can make no others
        if (!options.mayLack() || !isForbidden(error)) throw error;
      }
    },
    async setLimits(placement, resources, stage) {
      // loaded only for a config that has limits
      if (!hasLimits(resources)) return;
      (await import('./limits.ts')).setLimits(placement, resources, stage);
      const { unit } = placement;
      if (unit && stage === 'last') await (await systemd()).limitFewTasks(bus, unit, resources);
    },
    async changeLimits(placement, change) {
      const { changeLimits, refuseUsed } = await import('./limits.ts');
      const { unit } = placement;
      if (unit) refuseUsed(placement, change);
      await orUnwind(async (unwind) => {
        if (unit) unwind.push(await (await systemd()).changeUnit(bus, placement, unit, change));
        changeLimits(placement, change);
      });
    },
    delegate,
    processes: processesIn,
    pathOf: unifiedPathOf,
    isFrozen,
    statistics: async (placement) => (await import('./statistics.ts')).readStatistics(placement),
    watchOom: async (placement) => (await import('./oom-notices.ts')).watchOom(placement),
    hadOom: async (placement) => (await import('./oom-notices.ts')).hadOom(placement),
    pause: pauseAll,
    resume: resumeAll,
    signalAll: (placement, signal) => signalAll(placement, signal, send),
    killAll: (placement) => killAll(placement, send),
    async remove(placement) {
      const { unit } = placement;
      if (unit && !notOurs.has(unit.name)) await (await systemd()).stopUnit(bus, unit);
      await removeCgroup(placement);
    },
  };
}

const isForbidden = (error: unknown): boolean =>
  isRuntError(error, 'host-lacks') ||
  (isRuntError(error, 'system-call') && /^(EPERM|EACCES|EROFS)$/.test(error.facts.errno));

const hasLimits = (resources: Resources): boolean =>
  Object.keys(resources).some((name) => name !== 'devices');
