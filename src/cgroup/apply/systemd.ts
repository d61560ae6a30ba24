/**
 * The systemd driver: a container's cgroups belong to a unit, which systemd makes, limits and removes. What systemd has
 * no property for is written into the same cgroups by us, and all that it has one for as well: it rounds some values.
 */
import { readFileSync } from 'node:fs';
import { RuntError } from '../../base/errors.ts';
import type { Resources } from '../../bundle/config.ts';
import type { CgroupLayout } from '../plan/layout.ts';
import { joinNames, pathNames } from '../plan/cgroup-path.ts';
import {
  type CgroupPlacement,
  type CgroupUnit,
  isScope,
  type PlacementRequest,
} from '../plan/placement.ts';
import { annotatedProperties } from '../plan/unit-annotations.ts';
import { baseProperties } from '../plan/unit-base.ts';
import { unitDevices } from '../plan/unit-devices.ts';
import { unitLimits, unlimited } from '../plan/unit-limits.ts';
import { containerUnit, unitCgroup } from '../plan/unit-name.ts';
import type { UnitProperty } from '../plan/unit-property.ts';
import type { UnitSubject } from './cgroups.ts';
import type { CallerEnvironment } from './manager-address.ts';
import { openServiceManager, type ServiceManager } from './service-manager.ts';
import type { LimitChange } from './limits.ts';

/** How systemd is reached; a connection lives for one operation. */
export interface BusAccess {
  /** The caller's environment: it tells where the user's own manager is. */
  readonly env: CallerEnvironment;
  /** Waits may stop the whole process. */
  readonly blocking: boolean;
}

async function asking<T>(
  access: BusAccess,
  user: boolean,
  ask: (manager: ServiceManager) => Promise<T>,
): Promise<T> {
  const manager = await openServiceManager({ ...access, user });
  try {
    return await ask(manager);
  } finally {
    manager.close();
  }
}

export interface SystemdOptions {
  readonly user: boolean;
  /** The runtime's name, which stands before the id in a unit's name when the config has none. */
  readonly prefix: string;
}

export async function placeInUnit(
  access: BusAccess,
  layout: CgroupLayout,
  { cgroupsPath, id }: PlacementRequest,
  { user, prefix }: SystemdOptions,
): Promise<CgroupPlacement> {
  // runc's words; only v2 can be delegated to a user
  if (user && layout.mode !== 'v2')
    throw new RuntError('usage', {
      text: 'cannot use rootless systemd cgroups manager on cgroup v1',
    });
  const defaultSlice = user ? 'user.slice' : 'system.slice';
  const unit = containerUnit({ cgroupsPath, id, prefix, defaultSlice });
  const base = user
    ? await asking(access, true, (manager) => manager.controlGroup())
    : systemManagersCgroup();
  const names = pathNames(unitCgroup(base, unit)) ?? [];
  const directories = layout.hierarchies.map(({ version, controllers, mountpoint }) => ({
    version,
    controllers,
    mountpoint,
    path: joinNames(mountpoint, names),
  }));
  return { mode: layout.mode, directories, unit: { name: unit.name, slice: unit.slice, user } };
}

/** As pid 1 tells it, without a call: it lives in init.scope below its own cgroup. */
function systemManagersCgroup(): string {
  const lines = readFileSync('/proc/1/cgroup', 'utf8').split('\n');
  const line =
    lines.find((text) => /^\d+:name=systemd:/.test(text)) ??
    lines.find((text) => text.startsWith('0::'));
  const path = line?.slice(line.lastIndexOf(':') + 1) ?? '/';
  return path.replace(/\/init\.scope$/, '');
}

const versionOf = ({ mode }: CgroupPlacement): 1 | 2 => (mode === 'v2' ? 2 : 1);

/** Below this many tasks, a limit could keep runt-init from making the container; see `isLate`. */
const fewTasks = 8;

const withoutFewTasks = (resources: Resources): Resources => {
  const limit = resources.pids?.limit ?? -1;
  if (limit < 0 || limit >= fewTasks) return resources;
  const { pids: _, ...rest } = resources;
  return rest;
};

export async function startUnit(
  access: BusAccess,
  placement: CgroupPlacement,
  unit: CgroupUnit,
  { id, pid, resources, filter, annotations }: UnitSubject,
): Promise<void> {
  const cgroupVersion = versionOf(placement);
  const kind = isScope(placement) ? 'scope' : 'slice';
  const propertiesFor = (version: number): readonly UnitProperty[] => [
    ...baseProperties({
      id,
      unit: { kind, name: unit.name, slice: unit.slice, folders: [] },
      pids: kind === 'scope' ? [pid] : [],
      cgroupVersion,
    }),
    ...unitLimits(withoutFewTasks(resources), { version: cgroupVersion, systemdVersion: version }),
    ...unitDevices(filter, { cgroupVersion, version }).properties,
    // what the user says by name comes last, and counts
    ...annotatedProperties(annotations),
  ];
  await asking(access, unit.user, (manager) =>
    manager.startTransientUnit(unit.name, propertiesFor(manager.version)),
  );
}

/** The limits that `startUnit` left out. */
export async function limitFewTasks(
  access: BusAccess,
  unit: CgroupUnit,
  resources: Resources,
): Promise<void> {
  if (withoutFewTasks(resources) === resources) return;
  const { pids } = resources;
  const few = unitLimits(pids ? { pids } : {}, { version: 1, systemdVersion: 0 });
  await asking(access, unit.user, (manager) => manager.setUnitProperties(unit.name, few));
}

/** Answers with what takes it back. */
export async function changeUnit(
  access: BusAccess,
  placement: CgroupPlacement,
  unit: CgroupUnit,
  { before, after }: LimitChange,
): Promise<() => Promise<void>> {
  const set = (properties: readonly UnitProperty[]): Promise<void> =>
    asking(access, unit.user, (manager) => manager.setUnitProperties(unit.name, properties));
  return asking(access, unit.user, async (manager) => {
    const host = { version: versionOf(placement), systemdVersion: manager.version };
    const [old, fresh] = [unitLimits(before, host), unitLimits(after, host)];
    const named = new Set(old.map(({ name }) => name));
    const added = fresh.filter(({ name }) => !named.has(name)).map(unlimited);
    await manager.setUnitProperties(unit.name, fresh);
    return () => set([...old, ...added]);
  });
}

export async function joinUnit(access: BusAccess, unit: CgroupUnit, pid: number): Promise<void> {
  await asking(access, unit.user, (manager) => manager.attachProcesses(unit.name, '', [pid]));
}

export async function stopUnit(access: BusAccess, unit: CgroupUnit): Promise<void> {
  await asking(access, unit.user, (manager) => manager.stopUnit(unit.name));
}
