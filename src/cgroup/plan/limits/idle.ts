/**
 * A cgroup that only gets idle time has no weight, and the kernel refuses to give it one.
 */
import type { Resources } from '../../../bundle/config.ts';

/** `0`, `1` or neither: by the file's own name, which is written last, or else by the property. */
export function idleOf({ cpu, unified }: Resources): string | undefined {
  const text = unified?.['cpu.idle']?.trim();
  return text === '0' || text === '1' ? text : cpu?.idle?.toString();
}

export const isIdle = (resources: Resources): boolean => idleOf(resources) === '1';

/** Files of v2 that give a cgroup a weight. */
export const weightFiles: readonly string[] = ['cpu.weight', 'cpu.weight.nice'];
