/**
 * The door that every bundle passes, whether its container is made or only planned.
 */
import { RuntError } from '../base/errors.ts';
import { type Bundle, loadBundle } from '../bundle/load.ts';
import type { Config } from '../bundle/config.ts';
import { boundingSet } from '../kernel/bounding-set.ts';
import { ungrantedCapabilities } from '../plan/capability.ts';
import { warnOfAmbient } from './ambient.ts';
import { checkLabels, checkMountLabel } from './label-rules.ts';
import { warnOfWeight } from './limit-warnings.ts';
import type { Ports } from './ports.ts';

/** The bundle, or every reason why this version cannot run it. */
export async function acceptBundle(
  ports: Pick<Ports, 'log' | 'rights' | 'trace'>,
  path: string,
): Promise<Bundle> {
  const bundle = loadBundle(path, ports.trace);
  if (bundle.config.process === undefined)
    throw new RuntError('usage', { text: 'process property must not be empty' });
  checkLabels(bundle.config.process);
  checkMountLabel(bundle.config);
  const { privilege, mayLackCgroups } = ports.rights();
  if (privilege === 'none') (await import('./rootless/rules.ts')).refuseRootless(bundle.config);
  else if (mayLackCgroups) (await import('./rootless/rules.ts')).refuseNetDevices(bundle.config);
  warnOfWeight(ports, bundle.config.linux?.resources ?? {});
  const lost = lostCapabilities(bundle.config);
  if (lost.length > 0)
    ports.log.warning(`ignoring unknown or unavailable capabilities: ${lost.join(', ')}`);
  warnOfAmbient(ports.log, bundle.config.process);
  return bundle;
}

/** config.md#linux-process: what cannot be granted is a warning. In a user namespace of its own, a process has all. */
function lostCapabilities(config: Config): string[] {
  const asked = Object.values(config.process?.capabilities ?? {}).flat();
  if (asked.length === 0) return [];
  const hasOwn = config.linux?.namespaces?.some(({ type }) => type === 'user') ?? false;
  return ungrantedCapabilities(asked, hasOwn ? ~0n : boundingSet());
}
