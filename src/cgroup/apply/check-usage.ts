/**
 * linux.resources.memory.checkBeforeUpdate: a limit below what is used already is refused before it is set. v2 would
 * accept it, reclaim what it can, and then end processes (config-linux.md#memory).
 */
import { RuntError } from '../../base/errors.ts';
import type { Resources } from '../../bundle/config.ts';
import type { CgroupPlacement } from '../plan/placement.ts';
import { sum, toCount } from '../plan/statistics.ts';
import { readControlIfPresent } from './control-file.ts';

/** `swap` is memory and swap together, on v2 as well: so the config means it. */
export function refuseBelowUsage(
  { mode, directories }: CgroupPlacement,
  { memory: { limit = 0, swap = 0 } = {} }: Resources,
): void {
  const path = directories.find(
    ({ controllers }) => mode === 'v2' || controllers.includes('memory'),
  )?.path;
  if (path === undefined) return;
  const read = (file: string) => toCount(readControlIfPresent(path, file));
  // the wider one first: whoever breaks both is told of the one that cannot be had either way
  if (mode === 'v2') {
    const used = read('memory.current');
    refuse('memory.swap', 'memory+swap limit', swap, sum(used, read('memory.swap.current')));
    refuse('memory.limit', 'memory limit', limit, used);
  } else {
    refuse('memory.swap', 'memory+swap limit', swap, read('memory.memsw.usage_in_bytes'));
    refuse('memory.limit', 'memory limit', limit, read('memory.usage_in_bytes'));
  }
}

/** runc's words. */
function refuse(property: string, what: string, limit: number, used: number | bigint): void {
  if (limit <= 0 || limit > used) return;
  throw new RuntError('busy', {
    what: `linux.resources.${property}: rejecting ${what} ${limit} <= usage ${used}`,
  });
}
