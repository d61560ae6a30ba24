/**
 * linux.resources.pids: config-linux.md#pids. 0 is a limit like others: no process more. Since the container's own is there,
 * 1 says the same, and says it to systemd as well, which takes no 0.
 */
import type { Resources } from '../../../bundle/config.ts';
import { digits, file, infinity, type LimitRule } from './rule.ts';

/** Below 0: no limit. */
function limitOf({ pids }: Resources): number | undefined {
  return pids?.limit === 0 ? 1 : pids?.limit;
}

function text(resources: Resources): string | undefined {
  const limit = limitOf(resources);
  if (limit === undefined) return undefined;
  return limit < 0 ? 'max' : digits(limit);
}

export const pidsRules: readonly LimitRule[] = [
  {
    property: 'pids.limit',
    controller: 'pids',
    asked: (resources) => (limitOf(resources) ?? -1) >= 0,
    v1: file('pids.max', 'tasks, 1 for 0; `max` below 0', text),
    v2: file('pids.max', 'tasks, 1 for 0; `max` below 0', text),
    unitV1: [{ name: 'TasksMax', signature: 't', value: tasksMax }],
    unitV2: [{ name: 'TasksMax', signature: 't', value: tasksMax }],
  },
];

function tasksMax(resources: Resources): bigint | undefined {
  const limit = limitOf(resources);
  if (limit === undefined) return undefined;
  return limit < 0 ? infinity : BigInt(limit);
}
