/**
 * linux.resources.memory.checkBeforeUpdate: a limit below what is used already is refused before it is set. v2 would
 * accept it, reclaim what it can, and then end processes (config-linux.md#memory).
 */
import { RuntError } from '../../base/errors.ts';
import type { PlannedGroup, PlannedWrite } from '../plan/plan-limits.ts';
import { readControlIfPresent } from './control-file.ts';

interface Usage {
  readonly file: string;
  /** runc's words. */
  readonly what: string;
}

const usages: Readonly<Record<string, Usage>> = {
  'memory.max': { file: 'memory.current', what: 'memory limit' },
  'memory.swap.max': { file: 'memory.swap.current', what: 'memory+swap limit' },
  'memory.limit_in_bytes': { file: 'memory.usage_in_bytes', what: 'memory limit' },
  'memory.memsw.limit_in_bytes': { file: 'memory.memsw.usage_in_bytes', what: 'memory+swap limit' },
};

export function refuseBelowUsage(groups: readonly PlannedGroup[]): void {
  for (const write of groups.flat()) refuse(write);
}

function refuse({ directory, file, value, property }: PlannedWrite): void {
  const usage = usages[file];
  if (usage === undefined || !/^\d+$/.test(value)) return;
  const used = BigInt(readControlIfPresent(directory.path, usage.file)?.trim() || '0');
  if (BigInt(value) > used) return;
  throw new RuntError('busy', {
    what: `${property}: rejecting ${usage.what} ${value} <= usage ${used}`,
  });
}
