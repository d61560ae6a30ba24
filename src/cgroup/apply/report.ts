/**
 * How cgroups are here, for a report: which hierarchies, what they can limit, and where this caller may make some.
 */
import { readdirSync, readFileSync } from 'node:fs';
import type { CgroupFacts, HierarchyFacts } from '../../doctor/facts.ts';
import { mayWrite } from '../../kernel/host/folder.ts';
import type { CgroupHierarchy } from '../plan/layout.ts';
import { readLayout } from './read-layout.ts';

/** A plain user's containers are below its own cgroup, root's wherever their config says. */
export function cgroupFacts(root: boolean, deviceProgramRefused: string | undefined): CgroupFacts {
  const { mode, hierarchies } = readLayout();
  const unified = hierarchies.find(({ version }) => version === 2);
  const kill = unified === undefined ? undefined : hasKillFile(unified.mountpoint);
  return {
    mode: hierarchies.length === 0 ? 'none' : mode,
    hierarchies: hierarchies.map((hierarchy) => factsOf(hierarchy, root)),
    ...(kill !== undefined && { killFile: kill }),
    ...(deviceProgramRefused !== undefined && { deviceProgramRefused }),
  };
}

function factsOf(hierarchy: CgroupHierarchy, root: boolean): HierarchyFacts {
  const { version, controllers, mountpoint, own } = hierarchy;
  const folder = root || own === '/' ? mountpoint : `${mountpoint}${own}`;
  return {
    version,
    controllers: version === 1 ? controllers : wordsOf(`${folder}/cgroup.controllers`),
    mountpoint,
    folder,
    writable: mayWrite(folder),
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
