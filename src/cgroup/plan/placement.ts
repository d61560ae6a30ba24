/**
 * Where a container's cgroups are: one directory in each hierarchy, as plain data.
 *
 * The container's record keeps it from before anything is made, so that a later `delete` finds the
 * cgroups whatever the host's mounts and the caller's own cgroup are by then.
 */
import { RuntError } from '../../base/errors.ts';
import type { Resources } from '../../bundle/config.ts';
import { joinNames, pathNames } from './cgroup-path.ts';
import type { CgroupHierarchy, CgroupLayout, CgroupMode } from './layout.ts';

export interface CgroupDirectory {
  readonly version: 1 | 2;
  /** As in the layout: the v1 names of the hierarchy; none on v2. */
  readonly controllers: readonly string[];
  readonly mountpoint: string;
  /** The container's cgroup: absolute, below `mountpoint`, never `mountpoint` itself. */
  readonly path: string;
}

/** A unit of systemd that the cgroups belong to. */
export interface CgroupUnit {
  /** Such as `runt-c1.scope`, or a slice. */
  readonly name: string;
  readonly slice: string;
  /** Of the user's own manager, not the system's. */
  readonly user: boolean;
}

export interface CgroupPlacement {
  readonly mode: CgroupMode;
  /** None: the container stays in the cgroups of its caller. */
  readonly directories: readonly CgroupDirectory[];
  /** systemd makes the cgroups; without it, we do. */
  readonly unit?: CgroupUnit;
}

/** What freezes all processes of a container. */
export type Freezer = Pick<CgroupDirectory, 'version' | 'path'>;

/** The directory that freezes this container, if its host can. */
export function freezerOf({ mode, directories }: CgroupPlacement): CgroupDirectory | undefined {
  return directories.find(({ version, controllers }) =>
    mode === 'v2' ? version === 2 : controllers.includes('freezer'),
  );
}

/** A scope is made around a process that is there already; a slice and a plain cgroup can be made before. */
export const isScope = ({ unit }: Pick<CgroupPlacement, 'unit'>): boolean =>
  unit !== undefined && !unit.name.endsWith('.slice');

export interface PlacementRequest {
  /** The config's linux.cgroupsPath. */
  readonly cgroupsPath?: string | undefined;
  /** Its limits: a user without the right to make cgroups can have none. */
  readonly resources?: Resources | undefined;
  /** The container's id: the name of its cgroup when the config has no path. */
  readonly id: string;
}

export function placeContainer(layout: CgroupLayout, request: PlacementRequest): CgroupPlacement {
  const path =
    request.cgroupsPath === undefined || request.cgroupsPath === ''
      ? request.id
      : request.cgroupsPath;
  const names = pathNames(path);
  if (names === undefined || names.length === 0 || path.includes('\0')) throw badPath(path);
  const isAbsolute = path.startsWith('/');
  const directories = layout.hierarchies.map((hierarchy): CgroupDirectory => {
    const base = isAbsolute ? [] : relativeBase(layout.mode, hierarchy);
    return {
      version: hierarchy.version,
      controllers: hierarchy.controllers,
      mountpoint: hierarchy.mountpoint,
      path: joinNames(hierarchy.mountpoint, [...base, ...names]),
    };
  });
  return { mode: layout.mode, directories };
}

/** Of the v1 hierarchies that a placement leaves out: the caller's cgroups there, in which the container stays. */
export function callersPart(
  layout: CgroupLayout,
  { directories }: CgroupPlacement,
): readonly CgroupDirectory[] {
  const isPlaced = ({ mountpoint }: CgroupHierarchy): boolean =>
    directories.some((directory) => directory.mountpoint === mountpoint);
  return layout.hierarchies
    .filter((hierarchy) => hierarchy.version === 1 && !isPlaced(hierarchy))
    .map(({ version, controllers, mountpoint, own }) => {
      const path = joinNames(mountpoint, pathNames(own) ?? []);
      return { version, controllers, mountpoint, path };
    });
}

/** Below which cgroup a relative path starts, as in runc. */
function relativeBase(mode: CgroupMode, hierarchy: CgroupHierarchy): readonly string[] {
  const own = pathNames(hierarchy.own) ?? [];
  if (hierarchy.version === 1) return own;
  // the hybrid's v2 tree belongs to the service manager; runc starts at its root
  if (mode === 'hybrid') return [];
  // our own cgroup holds us, so v2 would not pass its controllers on to a child; its parent's child can have them
  return own.slice(0, -1);
}

function badPath(path: string): RuntError {
  return new RuntError('bundle-invalid', {
    path: 'config.json',
    findings: [
      {
        code: 'cgroups-path',
        pointer: '/linux/cgroupsPath',
        found: JSON.stringify(path),
        allowed: 'a path below the cgroup root that does not climb out of it',
        section: 'config-linux.md#cgroups-path',
      },
    ],
  });
}
