/**
 * The systemd driver: a container's cgroups belong to a unit, which systemd makes, limits and removes. What systemd has
 * no property for is written into the same cgroups by us, and all that it has one for as well: it rounds some values.
 */
import { readFileSync } from 'node:fs';
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
import type { LimitChange } from './limits.ts';

/** What is asked of systemd; each call returns when it has been done. */
export interface ServiceManager {
  startTransientUnit(name: string, properties: readonly UnitProperty[]): Promise<void>;
  /** Also of a unit that is not there (any more). */
  stopUnit(name: string): Promise<void>;
  setUnitProperties(name: string, properties: readonly UnitProperty[]): Promise<void>;
  version(): Promise<number>;
  /** The cgroup of the manager itself; empty for the root. */
  controlGroup(): Promise<string>;
}

/** The system's manager, or the user's own. */
export type OpenServices = (user: boolean) => Promise<ServiceManager>;

export interface SystemdOptions {
  readonly user: boolean;
  /** The runtime's name, which stands before the id in a unit's name when the config has none. */
  readonly prefix: string;
}

export async function placeInUnit(
  services: OpenServices,
  layout: CgroupLayout,
  { cgroupsPath, id }: PlacementRequest,
  { user, prefix }: SystemdOptions,
): Promise<CgroupPlacement> {
  const defaultSlice = user ? 'user.slice' : 'system.slice';
  const unit = containerUnit({ cgroupsPath, id, prefix, defaultSlice });
  const base = user ? await (await services(true)).controlGroup() : systemManagersCgroup();
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
  services: OpenServices,
  placement: CgroupPlacement,
  unit: CgroupUnit,
  { id, pid, resources, filter, annotations }: UnitSubject,
): Promise<void> {
  const manager = await services(unit.user);
  const systemdVersion = await manager.version();
  const cgroupVersion = versionOf(placement);
  const kind = isScope(placement) ? 'scope' : 'slice';
  const properties = [
    ...baseProperties({
      id,
      unit: { kind, name: unit.name, slice: unit.slice, folders: [] },
      pids: kind === 'scope' ? [pid] : [],
      cgroupVersion,
    }),
    ...unitLimits(withoutFewTasks(resources), { version: cgroupVersion, systemdVersion }),
    ...unitDevices(filter, { cgroupVersion, version: systemdVersion }).properties,
    // what the user says by name comes last, and counts
    ...annotatedProperties(annotations),
  ];
  await manager.startTransientUnit(unit.name, properties);
}

/** The limits that `startUnit` left out. */
export async function limitFewTasks(
  services: OpenServices,
  unit: CgroupUnit,
  resources: Resources,
): Promise<void> {
  if (withoutFewTasks(resources) === resources) return;
  const manager = await services(unit.user);
  const { pids } = resources;
  const host = { version: 1, systemdVersion: await manager.version() } as const;
  await manager.setUnitProperties(unit.name, unitLimits(pids ? { pids } : {}, host));
}

/** Answers with what takes it back. */
export async function changeUnit(
  services: OpenServices,
  placement: CgroupPlacement,
  unit: CgroupUnit,
  { before, after }: LimitChange,
): Promise<() => Promise<void>> {
  const manager = await services(unit.user);
  const host = { version: versionOf(placement), systemdVersion: await manager.version() };
  const [old, fresh] = [unitLimits(before, host), unitLimits(after, host)];
  const named = new Set(old.map(({ name }) => name));
  const added = fresh.filter(({ name }) => !named.has(name)).map(unlimited);
  await manager.setUnitProperties(unit.name, fresh);
  return () => manager.setUnitProperties(unit.name, [...old, ...added]);
}
