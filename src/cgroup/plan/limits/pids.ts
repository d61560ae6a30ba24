/**
 * linux.resources.pids: config-linux.md#pids. 0 is a limit like others: no process more.
 */
import type { Resources } from '../../../bundle/config.ts';
import { digits, file, infinity, type LimitRule } from './rule.ts';

const limitOf = ({ pids }: Resources): number | undefined => pids?.limit;

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
    v1: file('pids.max', 'tasks; `max` below 0', text),
    v2: file('pids.max', 'tasks; `max` below 0', text),
    unitV1: [{ name: 'TasksMax', signature: 't', value: tasksMax }],
    unitV2: [{ name: 'TasksMax', signature: 't', value: tasksMax }],
  },
];

/** systemd takes no 0; the file gets it. */
function tasksMax(resources: Resources): bigint | undefined {
  const limit = limitOf(resources);
  if (limit === undefined) return undefined;
  return limit < 0 ? infinity : BigInt(Math.max(1, limit));
}
