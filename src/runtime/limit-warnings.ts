/**
 * What of a config's limits cannot all be had.
 */
import type { Resources } from '../bundle/config.ts';
import type { Ports } from './ports.ts';

export function warnOfWeight({ log }: Pick<Ports, 'log'>, { cpu }: Resources): void {
  if (cpu?.idle === 1 && (cpu.shares ?? 0) > 0)
    log.warning('unable to apply both cpu.idle and cpu.shares: an idle cgroup has no weight');
}
