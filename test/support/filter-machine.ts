/**
 * A machine for filters: runs classic BPF as the kernel does for seccomp(2), after the checks that the kernel makes.
 */
import { type Instruction, opcode } from '../../src/seccomp/instruction.ts';

/** struct seccomp_data */
export interface Call {
  readonly number: number;
  /** As the kernel tells it: AUDIT_ARCH_X86_64 unless said otherwise. */
  readonly architecture?: number;
  readonly args?: readonly (number | bigint)[];
}

export const auditX64 = 0xc000_003e;
export const auditX86 = 0x4000_0003;

export function unpack(program: Uint8Array): Instruction[] {
  const view = new DataView(program.buffer, program.byteOffset, program.byteLength);
  return Array.from({ length: program.byteLength / 8 }, (_, place) => ({
    code: view.getUint16(place * 8, true),
    jt: view.getUint8(place * 8 + 2),
    jf: view.getUint8(place * 8 + 3),
    k: view.getUint32(place * 8 + 4, true),
  }));
}

/** The answer, SECCOMP_RET_*. */
export function verdict(program: readonly Instruction[], call: Call): number {
  const data = dataOf(call);
  let a = 0;
  for (let at = 0; ; at++) {
    const one = program[at];
    if (one === undefined) throw new Error(`ran past the end, to ${at}`);
    const { code, jt, jf, k } = one;
    const jump = (holds: boolean) => (holds ? jt : jf);
    switch (code) {
      case opcode.load:
        if (k % 4 !== 0 || k >= 64) throw new Error(`loads from ${k}`);
        a = data.getUint32(k, true);
        break;
      case opcode.and:
        a = (a & k) >>> 0;
        break;
      case opcode.jump:
        at += k;
        break;
      case opcode.jumpEqual:
        at += jump(a === k);
        break;
      case opcode.jumpGreater:
        at += jump(a > k);
        break;
      case opcode.jumpGreaterOrEqual:
        at += jump(a >= k);
        break;
      case opcode.jumpSet:
        at += jump((a & k) !== 0);
        break;
      case opcode.answer:
        return k;
      default:
        throw new Error(`instruction ${at} has the unknown code ${code.toString(16)}`);
    }
  }
}

function dataOf({ number, architecture = auditX64, args = [] }: Call): DataView {
  const data = new DataView(new ArrayBuffer(64));
  data.setUint32(0, number, true);
  data.setUint32(4, architecture, true);
  for (const [index, value] of args.entries())
    data.setBigUint64(16 + index * 8, BigInt.asUintN(64, BigInt(value)), true);
  return data;
}

/** A line for each instruction, in the words of bpf_asm. */
export function disassemble(program: readonly Instruction[]): string[] {
  const names: Readonly<Record<number, string>> = {
    [opcode.jumpEqual]: 'jeq',
    [opcode.jumpGreater]: 'jgt',
    [opcode.jumpGreaterOrEqual]: 'jge',
    [opcode.jumpSet]: 'jset',
  };
  return program.map(({ code, jt, jf, k }) => {
    if (code === opcode.load) return `ld [${k}]`;
    if (code === opcode.jump) return `ja ${k}`;
    if (code === opcode.answer) return `ret 0x${k.toString(16)}`;
    if (code === opcode.and) return `and 0x${k.toString(16)}`;
    return `${names[code] ?? '?'} 0x${k.toString(16)}, ${jt}, ${jf}`;
  });
}
