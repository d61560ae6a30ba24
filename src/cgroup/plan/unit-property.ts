/**
 * A property of a systemd unit, as it goes over D-Bus: a name, and a value whose type the signature tells.
 */
import type { BusValue } from '../../base/bus-value.ts';

export interface UnitProperty {
  readonly name: string;
  /** A D-Bus signature of one complete type, such as `t`, `as` or `a(ss)`. */
  readonly signature: string;
  readonly value: BusValue;
}

export const textProperty = (name: string, value: string): UnitProperty => ({
  name,
  signature: 's',
  value,
});

export const flagProperty = (name: string, value: boolean): UnitProperty => ({
  name,
  signature: 'b',
  value,
});
