/**
 * Values as D-Bus has them, and the signatures that tell their types.
 */

/**
 * Structures and arrays are lists here, integers of 64 bits are bigints, and a variant is a list of its signature and
 * its value.
 */
export type BusValue = string | boolean | number | bigint | readonly BusValue[];

/** A row of types taken apart: `sas(bi)` → `s`, `as`, `(bi)`. */
export function completeTypes(signature: string): readonly string[] {
  const types: string[] = [];
  for (let at = 0; at < signature.length;) {
    const end = typeEnd(signature, at);
    types.push(signature.slice(at, end));
    at = end;
  }
  return types;
}

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
  return completeTypes(structure.slice(1, -1));
}
