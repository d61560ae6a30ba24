/**
 * The program before the program: answers ENOSYS to system calls that are newer than the newest one of the profile.
 *
 *     load the architecture
 *     for each:  is it this one? else skip its part
 *                load the number; beyond the newest? answer ENOSYS
 *                go to the filter
 *
 * Each part has its own answer, so that every conditional jump is a short one; the way out may be long.
 */
import { type ArchitectureName, auditNumber } from './architecture.ts';
import { dataOffset, type Instruction, opcode } from './instruction.ts';

/** The highest number of the profile's calls on an architecture. */
export interface NewestCall {
  readonly architecture: ArchitectureName;
  readonly number: number;
}

/** x32's calls carry it beside their number. */
const x32Bit = 0x4000_0000;
/** SECCOMP_RET_ERRNO | ENOSYS */
const answerEnosys = 0x0005_0026;
/** setup(2) of s390, which nobody calls: numbers that the kernel does not know come as this one. */
const s390Setup = 0;

const instruction = (code: number, k: number, jt = 0, jf = 0): Instruction => ({ code, jt, jf, k });
const load = (offset: number) => instruction(opcode.load, offset);
const answer = instruction(opcode.answer, answerEnosys);
/** To the filter; how far that is, is known when all parts are. */
const leave = instruction(opcode.jump, 0);

/** Empty where no architecture has a call. */
export function enosysStub(newest: readonly NewestCall[]): Instruction[] {
  const groups = new Map<number, NewestCall[]>();
  for (const call of newest) {
    const audit = auditNumber(call.architecture);
    groups.set(audit, [...(groups.get(audit) ?? []), call]);
  }
  if (groups.size === 0) return [];
  const parts = [...groups].flatMap(([audit, calls]) => {
    const part = partOf(calls);
    return [instruction(opcode.jumpEqual, audit, 0, part.length), ...part];
  });
  const program = [load(dataOffset.architecture), ...parts];
  return program.map((one, place) =>
    one === leave ? { ...leave, k: program.length - 1 - place } : one,
  );
}

function partOf(calls: readonly NewestCall[]): Instruction[] {
  const numberOf = (name: ArchitectureName) =>
    calls.find(({ architecture }) => architecture === name)?.number;
  const beyond = (number: number, yes: number, no: number) =>
    instruction(opcode.jumpGreater, number, yes, no);
  const x32 = numberOf('SCMP_ARCH_X32');
  const x64 = numberOf('SCMP_ARCH_X86_64');
  const [first] = calls;
  if (x32 !== undefined && x64 !== undefined)
    return [
      load(dataOffset.number),
      instruction(opcode.jumpSet, x32Bit, 1, 0),
      beyond(x64, 1, 2),
      beyond(x32, 0, 1),
      answer,
      leave,
    ];
  // of the other kind of call the profile says nothing
  if (x64 !== undefined)
    return [
      load(dataOffset.number),
      instruction(opcode.jumpSet, x32Bit, 2, 0),
      beyond(x64, 0, 1),
      answer,
      leave,
    ];
  if (x32 !== undefined)
    return [
      load(dataOffset.number),
      instruction(opcode.jumpSet, x32Bit, 0, 2),
      beyond(x32, 0, 1),
      answer,
      leave,
    ];
  const isS390 =
    first?.architecture === 'SCMP_ARCH_S390' || first?.architecture === 'SCMP_ARCH_S390X';
  return [
    load(dataOffset.number),
    ...(isS390 ? [instruction(opcode.jumpEqual, s390Setup, 1, 0)] : []),
    beyond(first?.number ?? 0, 0, 1),
    answer,
    leave,
  ];
}

/** `numberOf` is libseccomp's table; what it does not know, or knows to be no call there, is negative. */
export function newestCalls(
  architectures: readonly ArchitectureName[],
  names: readonly string[],
  numberOf: (architecture: ArchitectureName, name: string) => number,
): NewestCall[] {
  return architectures.flatMap((architecture) => {
    const number = names.reduce(
      (newest, name) => Math.max(newest, numberOf(architecture, name)),
      0,
    );
    // no call at all: a profile for other machines; here its default action stands
    return number > 0 ? [{ architecture, number }] : [];
  });
}
