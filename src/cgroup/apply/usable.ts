/**
 * Which of a container's cgroups a user without root's rights may make and fill. Asked before the record is written and
 * anything is made, and only by whom `--rootless` is for.
 *
 * Without a path in the config, a cgroup that may not be made is done without. But a limit that needs it is refused, and so
 * is a path that was asked for.
 */
import { accessSync, constants } from 'node:fs';
import { isRuntError, RuntError } from '../../base/errors.ts';
import { joinNames, pathNames } from '../plan/cgroup-path.ts';
import type { CgroupLayout } from '../plan/layout.ts';
import type { CgroupDirectory, CgroupPlacement, PlacementRequest } from '../plan/placement.ts';
import { planLimits } from '../plan/plan-limits.ts';
import { errnoOf } from './control-file.ts';

interface Refusal {
  readonly path: string;
  readonly errno: string;
}

export function usablePart(
  layout: CgroupLayout,
  placement: CgroupPlacement,
  { cgroupsPath = '', resources = {} }: PlacementRequest,
): CgroupPlacement {
  const refusals = new Map<CgroupDirectory, Refusal>();
  for (const directory of placement.directories) {
    const refusal = refusalOf(layout, directory);
    if (refusal) refusals.set(directory, refusal);
  }
  const [first] = refusals.values();
  if (first === undefined) return placement;
  // the hybrid's v2 tree serves for membership, which the others tell as well
  const asked = [...refusals].find(([{ version }]) => placement.mode !== 'hybrid' || version === 1);
  if (cgroupsPath !== '' && asked)
    throw new RuntError('cgroup-rights', { property: 'linux.cgroupsPath', ...asked[1] });
  const directories = placement.directories.filter((directory) => !refusals.has(directory));
  const part = { ...placement, directories };
  try {
    planLimits(resources, part);
  } catch (error) {
    throw namingRights(error, resources, placement, first);
  }
  return part;
}

/** Into cgroups that are there. */
export const mayJoin = (layout: CgroupLayout, { directories }: CgroupPlacement): boolean =>
  directories.every((directory) => {
    const refusal = doorRefusal(layout, directory, directory.path);
    // where it has gone to is for others to find out
    return refusal === undefined || refusal.errno === 'ENOENT';
  });

/** Only where the limit could be set with more rights. */
function namingRights(
  error: unknown,
  resources: PlacementRequest['resources'] & {},
  whole: CgroupPlacement,
  first: Refusal,
): unknown {
  try {
    planLimits(resources, whole);
  } catch (other) {
    return other;
  }
  const isLack = isRuntError(error, 'host-lacks');
  const property = isLack ? error.facts.needed : 'linux.resources.unified';
  return new RuntError('cgroup-rights', { property, ...first }, { cause: error });
}

function refusalOf(layout: CgroupLayout, directory: CgroupDirectory): Refusal | undefined {
  const { path, mountpoint } = directory;
  const existing = nearestExisting(path, mountpoint);
  const making = refused(existing, constants.W_OK | constants.X_OK);
  if (making) return { path: existing, errno: making };
  return doorRefusal(layout, directory, existing);
}

/** Of the files that a process is moved by. */
function doorRefusal(
  layout: CgroupLayout,
  directory: CgroupDirectory,
  existing: string,
): Refusal | undefined {
  const { path, version } = directory;
  const doors = existing === path ? [`${path}/${version === 2 ? 'cgroup.procs' : 'tasks'}`] : [];
  // v2 asks for the right to move within what the way from one cgroup to the other has in common (cgroups(7))
  if (version === 2) doors.push(`${commonPart(ownCgroup(layout, directory), path)}/cgroup.procs`);
  for (const door of doors) {
    const errno = refused(door, constants.W_OK);
    if (errno) return { path: door, errno };
  }
  return undefined;
}

/** Nothing when it is allowed. */
function refused(path: string, mode: number): string | undefined {
  try {
    accessSync(path, mode);
    return undefined;
  } catch (error) {
    return errnoOf(error) ?? 'EIO';
  }
}

function nearestExisting(path: string, mountpoint: string): string {
  let at = path;
  while (at !== mountpoint && refused(at, constants.F_OK) === 'ENOENT')
    at = at.slice(0, at.lastIndexOf('/'));
  return at;
}

function ownCgroup({ hierarchies }: CgroupLayout, { mountpoint }: CgroupDirectory): string {
  const own = hierarchies.find((hierarchy) => hierarchy.mountpoint === mountpoint)?.own ?? '/';
  return joinNames(mountpoint, pathNames(own) ?? []);
}

function commonPart(one: string, other: string): string {
  const others = other.split('/');
  const names = one.split('/');
  const differs = names.findIndex((name, index) => name !== others[index]);
  return (differs < 0 ? names : names.slice(0, differs)).join('/');
}
