/**
 * Removes a container's cgroups, with those that were made inside the container.
 *
 * The kernel refuses with EBUSY while a cgroup has children or processes, and for a moment after the
 * last process has ended. So the plain rmdir comes first, then the children, then patience.
 */
import { existsSync, rmdirSync } from 'node:fs';
import { inTurns } from '../../kernel/in-turns.ts';
import type { CgroupPlacement } from '../plan/placement.ts';
import { callFailed, errnoOf, isGone } from './control-file.ts';
import { childCgroups } from './processes.ts';

const boundMilliseconds = 2000;

/** Cgroups that are not there are removed already. All are tried, for two seconds together; the first that stays is reported. */
export async function removeCgroup(placement: CgroupPlacement): Promise<void> {
  const end = Date.now() + boundMilliseconds;
  let failure: unknown;
  for (const { path } of placement.directories) {
    try {
      await removeTree(path, end);
    } catch (error) {
      failure ??= error;
    }
  }
  if (failure !== undefined) throw failure;
}

async function removeTree(path: string, end: number): Promise<void> {
  let failure = tryRemove(path);
  if (failure === undefined) return;
  for (const child of presentChildren(path)) await removeTree(child, end);
  const isDecided = (): boolean => {
    failure = tryRemove(path);
    return failure === undefined || errnoOf(failure) !== 'EBUSY';
  };
  await inTurns(isDecided, end - Date.now());
  if (failure !== undefined) throw callFailed(`remove cgroup ${path}`, failure);
}

/** `rmdir(path)` — undefined when it is gone. A read-only mount answers EROFS even for what is not there. */
function tryRemove(path: string): Error | undefined {
  try {
    rmdirSync(path);
    return undefined;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT' || (errno !== 'EBUSY' && !existsSync(path))) return undefined;
    return error instanceof Error ? error : new Error(String(error));
  }
}

function presentChildren(path: string): readonly string[] {
  try {
    return childCgroups(path);
  } catch (error) {
    if (isGone(error)) return [];
    throw error;
  }
}
