/**
 * A container's limits as properties of a systemd unit: what is not told to systemd it would take back.
 */
import type { Resources } from '../../bundle/config.ts';
import { limitRules } from './limits/index.ts';
import { infinity } from './limits/rule.ts';
import { unifiedUnitProperties } from './limits/unified.ts';
import type { UnitProperty } from './unit-property.ts';

export interface UnitHost {
  readonly version: 1 | 2;
  readonly systemdVersion: number;
}

/** In an order that means nothing; a name occurs once, the later word counting. */
export function unitLimits(resources: Resources, host: UnitHost): readonly UnitProperty[] {
  const found = new Map<string, UnitProperty>();
  for (const { unitV1, unitV2 } of limitRules) {
    for (const { name, signature, since = 0, value } of (host.version === 1 ? unitV1 : unitV2) ??
      []) {
      const wanted = since > host.systemdVersion ? undefined : value(resources);
      if (wanted !== undefined) found.set(name, { name, signature, value: wanted });
    }
  }
  if (host.version === 2)
    for (const property of unifiedUnitProperties(resources, host.systemdVersion))
      found.set(property.name, property);
  return [...found.values()];
}

/** Properties whose rest is 0: what they give is kept for the unit. */
const guarantees: ReadonlySet<string> = new Set(['MemoryLow', 'MemoryMin']);

/** The property as it is in a unit that nothing was said of. */
export function unlimited({ name, signature }: UnitProperty): UnitProperty {
  if (signature === 't') return { name, signature, value: guarantees.has(name) ? 0n : infinity };
  return { name, signature, value: signature === 's' ? 'continue' : [] };
}
