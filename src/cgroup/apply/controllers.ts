/**
 * v2: what a new cgroup needs before it can hold processes with limits.
 *
 * A cgroup has the controllers that every cgroup above it passes on. Not every controller can always
 * be passed on (a cgroup with processes of its own, a tree delegated to us in part), and most
 * containers do not need all: what is missing is for those to report who set a limit of it.
 */
import { lastName } from '../plan/cgroup-path.ts';
import type { CgroupDirectory } from '../plan/placement.ts';
import { readControl, readControlIfPresent, writeControl } from './control-file.ts';

/** Every controller that the mounted root has is passed on down to `directory`, as far as the kernel allows. */
export function enableControllers(directory: CgroupDirectory): void {
  const { path, mountpoint } = directory;
  const present = new Set(controllersOf(path));
  const missing = controllersOf(mountpoint).filter((name) => !present.has(name));
  if (missing.length === 0) return;
  for (const parent of [mountpoint, ...levels(directory).slice(0, -1)]) passOn(parent, missing);
}

/**
 * Below a threaded cgroup a new one is `domain invalid` and holds no process until it is threaded
 * itself; see cgroups(7).
 */
export function leaveInvalidState(directory: CgroupDirectory): void {
  if (!isInvalid(directory.path)) return;
  for (const path of levels(directory)) {
    if (isInvalid(path)) writeControl(path, 'cgroup.type', 'threaded');
  }
}

function isInvalid(path: string): boolean {
  return readControlIfPresent(path, 'cgroup.type')?.trim() === 'domain invalid';
}

/** The cgroups below the mount point, down to `path` itself. */
function levels({ path, mountpoint }: CgroupDirectory): readonly string[] {
  const found: string[] = [];
  for (let at = path; at.length > mountpoint.length; at = at.slice(0, -lastName(at).length - 1)) {
    found.unshift(at);
  }
  return found;
}

function controllersOf(path: string): readonly string[] {
  return readControl(path, 'cgroup.controllers').split(/\s+/).filter(Boolean);
}

function passOn(path: string, controllers: readonly string[]): void {
  const changes = controllers.map((name) => `+${name}`);
  // all in one write is all or nothing
  if (tryWrite(path, changes.join(' ')) || changes.length === 1) return;
  for (const change of changes) tryWrite(path, change);
}

function tryWrite(path: string, change: string): boolean {
  try {
    writeControl(path, 'cgroup.subtree_control', change);
    return true;
  } catch {
    return false;
  }
}
