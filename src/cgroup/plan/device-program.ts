/**
 * A device filter as a program of type BPF_PROG_TYPE_CGROUP_DEVICE, which v2 has in place of files.
 *
 * The kernel calls it with a `struct bpf_cgroup_dev_ctx` (linux/bpf.h) for each use of a device:
 * access_type (low half: block 1, char 2; high half: mknod 1, read 2, write 4), major, minor.
 * It returns 1 to permit and 0 to refuse. Instructions are 8 bytes each: see bpf/instruction-set.rst.
 *
 * Surprising: opening for reading and writing asks for both at once. An allowed exception must
 * cover all that is asked; a denied one refuses as soon as anything of it is asked, as v1 does
 * (runc's program lets an open for both pass when only writing is denied).
 */
import { everyAccess } from './device-access.ts';
import type { DeviceException, DeviceFilter } from './device-rules.ts';

interface Instruction {
  readonly code: number;
  readonly dst: number;
  readonly src?: number;
  readonly offset?: number;
  readonly immediate?: number;
}

/** Operation codes: class, source and operation, as linux/bpf_common.h and linux/bpf.h add them up. */
const code = {
  /** BPF_LDX | BPF_MEM | BPF_W: dst = *(u32 *)(src + offset) */
  loadWord: 0x61,
  /** BPF_ALU | BPF_AND | BPF_K: dst &= immediate, 32 bits */
  and: 0x54,
  /** BPF_ALU | BPF_RSH | BPF_K: dst >>= immediate, 32 bits */
  shiftRight: 0x74,
  /** BPF_ALU | BPF_MOV | BPF_K: dst = immediate, 32 bits */
  move: 0xb4,
  /** BPF_ALU | BPF_MOV | BPF_X: dst = src, 32 bits */
  copy: 0xbc,
  /** BPF_JMP | BPF_JEQ | BPF_K: skip offset instructions when dst == immediate */
  skipIfEqual: 0x15,
  /** BPF_JMP | BPF_JNE | BPF_K: the same when they differ */
  skipUnlessEqual: 0x55,
  /** BPF_JMP | BPF_JNE | BPF_X: the same with a register */
  skipUnlessSame: 0x5d,
  /** BPF_JMP | BPF_EXIT: return r0 */
  exit: 0x95,
} as const;

const register = {
  result: 0,
  context: 1,
  type: 2,
  access: 3,
  major: 4,
  minor: 5,
  scratch: 6,
} as const;

const typeNumber = { b: 1, c: 2 } as const;

const instructionSize = 8;

export function deviceProgram(filter: DeviceFilter): Uint8Array {
  const verdict = filter.defaultAllow ? 0 : 1;
  return encode([
    ...prologue,
    ...filter.exceptions.flatMap((exception) => exceptionBlock(exception, verdict)),
    ...answer(1 - verdict),
  ]);
}

/** Takes the context apart into registers. */
const prologue: readonly Instruction[] = [
  { code: code.loadWord, dst: register.type, src: register.context, offset: 0 },
  { code: code.and, dst: register.type, immediate: 0xffff },
  { code: code.loadWord, dst: register.access, src: register.context, offset: 0 },
  { code: code.shiftRight, dst: register.access, immediate: 16 },
  { code: code.loadWord, dst: register.major, src: register.context, offset: 4 },
  { code: code.loadWord, dst: register.minor, src: register.context, offset: 8 },
];

/** Answers with the verdict when everything matches, and goes on behind itself when anything does not. */
function exceptionBlock(exception: DeviceException, verdict: 0 | 1): readonly Instruction[] {
  const { type, major, minor, access } = exception;
  const tests: Instruction[] = [
    { code: code.skipUnlessEqual, dst: register.type, immediate: typeNumber[type] },
    ...accessTest(access, verdict),
  ];
  if (major !== '*')
    tests.push({ code: code.skipUnlessEqual, dst: register.major, immediate: major });
  if (minor !== '*')
    tests.push({ code: code.skipUnlessEqual, dst: register.minor, immediate: minor });
  const end = answer(verdict);
  const length = tests.length + end.length;
  return [
    ...tests.map((test, index) => (isJump(test) ? { ...test, offset: length - index - 1 } : test)),
    ...end,
  ];
}

function accessTest(access: number, verdict: 0 | 1): readonly Instruction[] {
  if (access === everyAccess) return [];
  return [
    { code: code.copy, dst: register.scratch, src: register.access },
    { code: code.and, dst: register.scratch, immediate: access },
    verdict === 1
      ? { code: code.skipUnlessSame, dst: register.scratch, src: register.access }
      : { code: code.skipIfEqual, dst: register.scratch, immediate: 0 },
  ];
}

function isJump(instruction: Instruction): boolean {
  return (
    instruction.code === code.skipIfEqual ||
    instruction.code === code.skipUnlessEqual ||
    instruction.code === code.skipUnlessSame
  );
}

function answer(value: number): readonly Instruction[] {
  return [
    { code: code.move, dst: register.result, immediate: value },
    { code: code.exit, dst: 0 },
  ];
}

/** `struct bpf_insn`: u8 code, 4 bits dst, 4 bits src, s16 off, s32 imm. */
function encode(instructions: readonly Instruction[]): Uint8Array {
  const bytes = new Uint8Array(instructions.length * instructionSize);
  const view = new DataView(bytes.buffer);
  for (const [index, instruction] of instructions.entries()) {
    const at = index * instructionSize;
    view.setUint8(at, instruction.code);
    view.setUint8(at + 1, instruction.dst | ((instruction.src ?? 0) << 4));
    view.setInt16(at + 2, instruction.offset ?? 0, true);
    view.setInt32(at + 4, instruction.immediate ?? 0, true);
  }
  return bytes;
}
