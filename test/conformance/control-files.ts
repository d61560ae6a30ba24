/**
 * Finds the control files of a container's cgroup from outside, in whatever layout the host mounts its cgroups.
 */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** `controller/file` of each version; undefined where the version has nothing of the kind. */
export interface ControlFiles {
  readonly v1?: string;
  readonly v2?: string;
}

interface ControlFile {
  readonly version: 1 | 2;
  /** Where the hierarchy is mounted. */
  readonly mount: string;
  readonly name: string;
}

const base = '/sys/fs/cgroup';

/** One tree for everything: the hybrid's v2 tree has no limits to give. */
export const isPureV2 = (): boolean => existsSync(join(base, 'cgroup.controllers'));

/** Mount point of a v1 hierarchy, which several controllers may share. */
function hierarchyOf(controller: string): string | undefined {
  for (const line of readFileSync('/proc/self/mountinfo', 'utf8').split('\n')) {
    const [before = '', after = ''] = line.split(' - ');
    const [type, , options = ''] = after.split(' ');
    const place = before.split(' ')[4] ?? '';
    if (type === 'cgroup' && place.startsWith(base) && options.split(',').includes(controller))
      return place;
  }
  return undefined;
}

function isInTree(controller: string): boolean {
  const text = isPureV2() ? readFileSync(join(base, 'cgroup.controllers'), 'utf8') : '';
  return text.trim().split(' ').includes(controller);
}

const controllerOf = (path: string): string => path.slice(0, path.indexOf('/'));

/** undefined where the host has no such file. */
function controlFile({ v1, v2 }: ControlFiles): ControlFile | undefined {
  const hierarchy = v1 === undefined ? undefined : hierarchyOf(controllerOf(v1));
  if (v1 !== undefined && hierarchy !== undefined) {
    const name = basename(v1);
    // these are not in the hierarchy's root; of all others the root tells whether the kernel has them
    const isBelow = /^(pids|hugetlb)\./.test(name) || existsSync(join(hierarchy, name));
    return isBelow ? { version: 1, mount: hierarchy, name } : undefined;
  }
  if (v2 === undefined || !isInTree(controllerOf(v2))) return undefined;
  return { version: 2, mount: base, name: basename(v2) };
}

/** Why this host cannot run a case about the file. */
export function needsFile(files: ControlFiles): string | undefined {
  if (controlFile(files) !== undefined) return undefined;
  return `a host without ${basename(files.v1 ?? files.v2 ?? '')}`;
}

export function readControl(
  files: ControlFiles,
  cgroup: string,
): { readonly version: 1 | 2; readonly text: string } {
  const file = controlFile(files);
  if (file === undefined) throw new Error(needsFile(files));
  const { version, mount, name } = file;
  return { version, text: readFileSync(join(mount, cgroup, name), 'utf8').trim() };
}
