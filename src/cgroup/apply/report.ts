/**
 * How cgroups are here, for a report: which hierarchies, what they can limit, and where this caller may make some.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { CgroupFacts, HierarchyFacts } from '../../doctor/facts.ts';
import { type CgroupDirectory, placeContainer } from '../plan/placement.ts';
import { readLayout } from './read-layout.ts';
import { usablePart } from './usable.ts';

export function cgroupFacts(deviceProgramRefused: string | undefined): CgroupFacts {
  const layout = readLayout();
  // as for a container whose config names no path; no id is like this one
  const request = { id: '@doctor' };
  const placement = placeContainer(layout, request);
  const usable = usablePart(layout, placement, request).directories;
  const unified = placement.directories.find(({ version }) => version === 2);
  const kill = unified === undefined ? undefined : hasKillFile(unified.mountpoint);
  return {
    mode: placement.directories.length === 0 ? 'none' : layout.mode,
    hierarchies: placement.directories.map((directory) =>
      factsOf(directory, usable.includes(directory)),
    ),
    ...(kill !== undefined && { killFile: kill }),
    ...(deviceProgramRefused !== undefined && { deviceProgramRefused }),
  };
}

function factsOf(
  { version, controllers, mountpoint, path }: CgroupDirectory,
  writable: boolean,
): HierarchyFacts {
  const folder = dirname(path);
  return {
    version,
    controllers: version === 1 ? controllers : wordsOf(`${folder}/cgroup.controllers`),
    mountpoint,
    folder,
    writable,
  };
}

function wordsOf(path: string): readonly string[] {
  try {
    return readFileSync(path, 'latin1').split(/\s+/).filter(Boolean);
  } catch {
    return [];
  }
}

/** The root of the tree has none, so one below it is asked. */
function hasKillFile(mountpoint: string): boolean | undefined {
  try {
    const [child] = readdirSync(mountpoint, { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    if (child === undefined) return undefined;
    return readdirSync(`${mountpoint}/${child.name}`).includes('cgroup.kill');
  } catch {
    return undefined;
  }
}
