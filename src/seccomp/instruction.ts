/**
 * Classic BPF as seccomp(2) takes it: struct sock_filter of include/uapi/linux/filter.h.
 */
export interface Instruction {
  readonly code: number;
  /** Instructions to skip when the comparison holds, and when it does not. */
  readonly jt: number;
  readonly jf: number;
  readonly k: number;
}

/** BPF_LD | BPF_W | BPF_ABS and the like: all that filters are made of here. */
export const opcode = {
  load: 0x20,
  jump: 0x05,
  jumpEqual: 0x15,
  jumpGreater: 0x25,
  jumpGreaterOrEqual: 0x35,
  jumpSet: 0x45,
  and: 0x54,
  answer: 0x06,
} as const;

/** Where in struct seccomp_data the number of the call and the architecture stand. */
export const dataOffset = { number: 0, architecture: 4 } as const;

const size = 8;

export function packInstructions(program: readonly Instruction[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(program.length * size));
  for (const [place, { code, jt, jf, k }] of program.entries()) {
    view.setUint16(place * size, code, true);
    view.setUint8(place * size + 2, jt);
    view.setUint8(place * size + 3, jf);
    view.setUint32(place * size + 4, k, true);
  }
  return new Uint8Array(view.buffer);
}

/** As a plan carries it: two numbers an instruction. A copy, for words must be aligned. */
export const wordsOf = (program: Uint8Array): Uint32Array =>
  new Uint32Array(new Uint8Array(program).buffer);
