/**
 * What only root of the host can be asked for.
 */
import { RuntError } from '../base/errors.ts';
import type { Config } from '../bundle/config.ts';
import type { Ports } from './ports.ts';

export function refuseRootless({ ids }: Pick<Ports, 'ids'>, { linux }: Config): void {
  if (ids.euid !== 0 && Object.keys(linux?.netDevices ?? {}).length > 0)
    throw new RuntError('usage', {
      text: 'network devices are not supported for rootless containers',
    });
}
