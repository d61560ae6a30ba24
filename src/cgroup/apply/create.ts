/**
 * Makes a container's cgroups: one directory in each hierarchy, with the cgroups above it.
 *
 * On the way of every `create`: a directory is tried first and its parents only when they are
 * missing, and only one that was there before is looked into.
 */
import { mkdirSync, rmdirSync } from 'node:fs';
import { RuntError } from '../../base/errors.ts';
import type { CgroupMode } from '../plan/layout.ts';
import { type CgroupDirectory, type CgroupPlacement, freezerOf } from '../plan/placement.ts';
import { callFailed, errnoOf } from './control-file.ts';
import { enableControllers, leaveInvalidState } from './controllers.ts';
import { inheritCpuset } from './cpuset.ts';
import { isFrozen } from './freezer.ts';
import { processesBelow, processesIn } from './processes.ts';

/**
 * Fails when someone else uses these cgroups already: one holds processes or is frozen. To be asked
 * before the record is written, since clearing up after a record kills what its cgroups hold.
 */
export function refuseOccupied(placement: CgroupPlacement): void {
  refuseProcesses(processesIn(placement).length);
  if (isFrozen(freezerOf(placement))) throw frozen();
}

/** After a failure nothing that this call made is left. Empty cgroups that exist already are taken over. */
export function createCgroup(placement: CgroupPlacement): void {
  const made: string[] = [];
  try {
    for (const directory of placement.directories) {
      const isNew = makeDirectory(directory.path, directory.mountpoint, made);
      // what systemd has just made holds the process that it was made for
      if (!isNew && placement.unit === undefined) refuseUsed(placement, directory);
      prepare(placement.mode, directory);
    }
  } catch (error) {
    for (const path of made.toReversed()) removeQuietly(path);
    throw error;
  }
}

/** `mkdir(path, 0755)` — with those above it; false when it was there. Each one made is noted in `made`. */
function makeDirectory(path: string, mountpoint: string, made: string[]): boolean {
  try {
    mkdirSync(path, 0o755);
    made.push(path);
    return true;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'EEXIST') return false;
    if (errno !== 'ENOENT' || path === mountpoint) throw callFailed(`create cgroup ${path}`, error);
  }
  makeDirectory(path.slice(0, path.lastIndexOf('/')), mountpoint, made);
  return makeDirectory(path, mountpoint, made);
}

function refuseUsed(placement: CgroupPlacement, directory: CgroupDirectory): void {
  refuseProcesses(processesBelow(directory.path).length);
  if (directory === freezerOf(placement) && isFrozen(directory)) throw frozen();
}

function refuseProcesses(count: number): void {
  if (count === 0) return;
  throw new RuntError('busy', {
    what: `container's cgroup is not empty: ${count} process(es) found`,
    cgroup: 'occupied',
  });
}

function frozen(): RuntError {
  return new RuntError('busy', {
    what: "container's cgroup unexpectedly frozen",
    cgroup: 'frozen',
  });
}

/** The hybrid's v2 tree serves for membership alone, so nothing is enabled there. */
function prepare(mode: CgroupMode, directory: CgroupDirectory): void {
  if (directory.controllers.includes('cpuset')) inheritCpuset(directory);
  if (mode !== 'v2') return;
  leaveInvalidState(directory);
  enableControllers(directory);
}

function removeQuietly(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // the failure that led here is the one to report
  }
}
