/**
 * What of a config's limits cannot all be had.
 */
import type { Resources } from '../bundle/config.ts';
import { isIdle, weightFiles } from '../cgroup/plan/limits/idle.ts';
import type { Ports } from './ports.ts';

export function warnOfWeight({ log }: Pick<Ports, 'log'>, resources: Resources): void {
  const { cpu, unified } = resources;
  if (!isIdle(resources)) return;
  const weights = [
    ...((cpu?.shares ?? 0) > 0 ? ['cpu.shares'] : []),
    ...weightFiles.filter((file) => unified?.[file] !== undefined),
  ];
  for (const weight of weights)
    log.warning(`unable to apply both cpu.idle and ${weight}: an idle cgroup has no weight`);
}
