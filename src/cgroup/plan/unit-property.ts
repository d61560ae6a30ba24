/**
 * A property of a systemd unit, as it goes over D-Bus: a name, and a value whose type the signature tells.
 */

/** Structures and arrays are both lists here; integers of 64 bits are bigints. */
export type BusValue = string | boolean | number | bigint | readonly BusValue[];

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

/** The part of a signature that begins at `start` and is one complete type ends before the answer. */
function typeEnd(signature: string, start: number): number {
  const letter = signature[start];
  if (letter === 'a') return typeEnd(signature, start + 1);
  if (letter !== '(') return start + 1;
  let at = start + 1;
  while (at < signature.length && signature[at] !== ')') at = typeEnd(signature, at);
  return at + 1;
}

/** The types inside of a structure, `(sas)` → `s`, `as`. */
export function memberTypes(structure: string): readonly string[] {
  const types: string[] = [];
  for (let at = 1; at < structure.length - 1;) {
    const end = typeEnd(structure, at);
    types.push(structure.slice(at, end));
    at = end;
  }
  return types;
}
