/**
 * The ways to use a device, as a set of bits.
 *
 * The bits are those of BPF_DEVCG_ACC_* in linux/bpf.h, so that the v2 program can compare them as
 * they are; the letters are those of the v1 files and of the specification.
 */

/** A set of the bits below. */
export type DeviceAccess = number;

const bits: Readonly<Record<string, DeviceAccess>> = { m: 1, r: 2, w: 4 };

export const everyAccess: DeviceAccess = 7;

/** Undefined when `text` is empty or has a letter other than r, w and m. */
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
