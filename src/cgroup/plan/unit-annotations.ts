/**
 * Annotations that set properties of the container's systemd unit: `org.systemd.property.TimeoutStopUSec`.
 *
 * A name in seconds, as unit files have it, becomes the one in microseconds that D-Bus has, and its value with it.
 */
import { type Finding, RuntError } from '../../base/errors.ts';
import { parseVariant, type TypedValue } from './gvariant.ts';
import type { UnitProperty } from './unit-property.ts';

const propertyPrefix = 'org.systemd.property.';

export function annotatedProperties(
  annotations: Readonly<Record<string, string>>,
): readonly UnitProperty[] {
  const findings: Finding[] = [];
  const properties: UnitProperty[] = [];
  for (const [key, text] of Object.entries(annotations)) {
    if (!key.startsWith(propertyPrefix)) continue;
    const name = key.slice(propertyPrefix.length);
    const parsed = parseVariant(text);
    const pointer = `/annotations/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (!/^[A-Za-z]{3,}$/.test(name)) {
      findings.push(
        fault(pointer, JSON.stringify(key), `three or more letters after ${propertyPrefix}`),
      );
    } else if (typeof parsed === 'string') {
      findings.push(fault(pointer, JSON.stringify(text), parsed));
    } else if (/[a-z]Sec$/.test(name)) {
      const value = microseconds(parsed);
      if (value === undefined)
        findings.push(fault(pointer, JSON.stringify(text), 'a number of seconds'));
      else properties.push({ name: name.replace(/Sec$/, 'USec'), signature: 't', value });
    } else {
      properties.push({ name, ...parsed });
    }
  }
  if (findings.length > 0) throw new RuntError('bundle-invalid', { path: 'config.json', findings });
  return properties;
}

/** undefined for what is no span of time. */
function microseconds({ signature, value }: TypedValue): bigint | undefined {
  if (typeof value !== 'number' && typeof value !== 'bigint') return undefined;
  if (signature !== 'd') return inRange(BigInt(value) * 1_000_000n);
  const exact = Math.round(Number(value) * 1e6);
  return Number.isFinite(exact) ? inRange(BigInt(exact)) : undefined;
}

/** All bits set would mean "without end". */
const inRange = (value: bigint): bigint | undefined =>
  value >= 0n && value < 2n ** 64n - 1n ? value : undefined;

function fault(pointer: string, found: string, allowed: string): Finding {
  return { code: 'systemd-property', pointer, found, allowed, section: 'config.md#annotations' };
}
