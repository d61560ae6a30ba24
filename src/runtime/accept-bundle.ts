/**
 * The door that every bundle passes, whether its container is made or only planned.
 */
import { RuntError } from '../base/errors.ts';
import { type Bundle, loadBundle } from '../bundle/load.ts';
import { firstUnsupported } from '../bundle/supported.ts';
import { unknownCapabilities } from '../plan/capability.ts';
import { checkLabels, checkMountLabel } from './label-rules.ts';
import { refuseRootless } from './rootless-rules.ts';
import type { Ports } from './ports.ts';

/** The bundle, or every reason why this version cannot run it. */
export function acceptBundle(ports: Pick<Ports, 'log' | 'ids'>, path: string): Bundle {
  const bundle = loadBundle(path);
  const property = firstUnsupported(bundle.config);
  if (property !== undefined) throw new RuntError('not-supported', { property });
  if (bundle.config.process === undefined)
    throw new RuntError('usage', { text: 'process property must not be empty' });
  checkLabels(bundle.config.process);
  checkMountLabel(bundle.config);
  refuseRootless(ports, bundle.config);
  const unknown = unknownCapabilities(
    Object.values(bundle.config.process.capabilities ?? {}).flat(),
  );
  if (unknown.length > 0)
    ports.log.warning(`ignoring unknown or unavailable capabilities: ${unknown.join(', ')}`);
  return bundle;
}
