/**
 * The ways to use a device, as a set of bits.
 *
 * The bits are those of BPF_DEVCG_ACC_* in linux/bpf.h, so that the v2 program can compare them as
 * they are; the letters are those of the v1 files and of the specification.
 */

/** A set of the bits below. */
export type DeviceAccess = number;

/** `a` is a type and no access: runc passes over it, and configs that were written against runc have it. */
const bits: Readonly<Record<string, DeviceAccess>> = { m: 1, r: 2, w: 4, a: 0 };

export const everyAccess: DeviceAccess = 7;

/** Undefined when `text` names no access or has a letter that is none. */
export function parseAccess(text: string): DeviceAccess | undefined {
  let access: DeviceAccess = 0;
  for (const letter of text) {
    const bit = bits[letter];
    if (bit === undefined) return undefined;
    access |= bit;
  }
  return access === 0 ? undefined : access;
}

/** In the order in which the kernel prints it. */
export function accessText(access: DeviceAccess): string {
  return ['r', 'w', 'm'].filter((letter) => (access & (bits[letter] ?? 0)) !== 0).join('');
}
