import { expect, test } from 'vitest';
import type { ArchitectureName } from '../../src/seccomp/architecture.ts';
import { enosysStub, newestCalls } from '../../src/seccomp/enosys-stub.ts';
import { type Instruction, opcode } from '../../src/seccomp/instruction.ts';
import { auditX64, auditX86, disassemble, verdict } from '../support/filter-machine.ts';

const allow = 0x7fff_0000;
const enosys = 0x0005_0026;
const filter: Instruction = { code: opcode.answer, jt: 0, jf: 0, k: allow };
const x32 = 0x4000_0000;

const stub = (...calls: [ArchitectureName, number][]) =>
  enosysStub(calls.map(([architecture, number]) => ({ architecture, number })));

const answers = (program: Instruction[], ...calls: [number, number?][]) =>
  calls.map(([number, architecture = auditX64]) =>
    verdict([...program, filter], { number, architecture }) === enosys ? 'unknown' : 'filter',
  );

test('one architecture', () => {
  const program = stub(['SCMP_ARCH_AARCH64', 100]);
  expect(disassemble(program)).toEqual([
    'ld [4]',
    'jeq 0xc00000b7, 0, 4',
    'ld [0]',
    'jgt 0x64, 0, 1',
    'ret 0x50026',
    'ja 0',
  ]);
  const arm = 0xc000_00b7;
  expect(answers(program, [100, arm], [101, arm], [0, arm], [0xffff_ffff, arm], [101])).toEqual([
    'filter',
    'unknown',
    'filter',
    'unknown',
    'filter',
  ]);
});

test('x86-64 alone leaves the calls of x32 to the filter', () => {
  const program = stub(['SCMP_ARCH_X86_64', 100]);
  expect(answers(program, [100], [101], [x32 + 1], [x32 + 500], [0xffff_ffff])).toEqual([
    'filter',
    'unknown',
    'filter',
    'filter',
    'filter',
  ]);
});

test('x32 alone leaves the calls of x86-64 to the filter', () => {
  const program = stub(['SCMP_ARCH_X32', x32 + 100]);
  expect(answers(program, [100], [101], [x32 + 100], [x32 + 101])).toEqual([
    'filter',
    'filter',
    'filter',
    'unknown',
  ]);
});

test('x86-64, x32 and x86 side by side', () => {
  const program = stub(
    ['SCMP_ARCH_X86_64', 100],
    ['SCMP_ARCH_X86', 50],
    ['SCMP_ARCH_X32', x32 + 200],
  );
  expect(disassemble(program)).toEqual([
    'ld [4]',
    'jeq 0xc000003e, 0, 6',
    'ld [0]',
    'jset 0x40000000, 1, 0',
    'jgt 0x64, 1, 2',
    'jgt 0x400000c8, 0, 1',
    'ret 0x50026',
    'ja 5',
    'jeq 0x40000003, 0, 4',
    'ld [0]',
    'jgt 0x32, 0, 1',
    'ret 0x50026',
    'ja 0',
  ]);
  expect(
    answers(program, [100], [101], [x32 + 200], [x32 + 201], [50, auditX86], [51, auditX86]),
  ).toEqual(['filter', 'unknown', 'filter', 'unknown', 'filter', 'unknown']);
});

test('on s390 the call that stands for unknown ones is unknown', () => {
  const s390x = 0x8000_0016;
  expect(
    answers(stub(['SCMP_ARCH_S390X', 100]), [0, s390x], [1, s390x], [100, s390x], [101, s390x]),
  ).toEqual(['unknown', 'filter', 'filter', 'unknown']);
});

test('many architectures: each finds its part, and its way out', () => {
  const names: ArchitectureName[] = [
    'SCMP_ARCH_ARM',
    'SCMP_ARCH_AARCH64',
    'SCMP_ARCH_MIPS',
    'SCMP_ARCH_MIPS64',
    'SCMP_ARCH_MIPSEL',
    'SCMP_ARCH_PPC',
    'SCMP_ARCH_PPC64LE',
    'SCMP_ARCH_S390X',
    'SCMP_ARCH_RISCV64',
  ];
  const program = enosysStub(names.map((architecture, n) => ({ architecture, number: 100 + n })));
  const audits = [
    0x4000_0028, 0xc000_00b7, 8, 0x8000_0008, 0x4000_0008, 20, 0xc000_0015, 0x8000_0016,
    0xc000_00f3,
  ];
  for (const [n, audit] of audits.entries())
    expect(answers(program, [100 + n, audit], [101 + n, audit])).toEqual(['filter', 'unknown']);
  expect(answers(program, [5000])).toEqual(['filter']);
});

test('nothing where no architecture has a call', () => {
  expect(enosysStub([])).toEqual([]);
});

test('the newest call of each architecture; unknown and absent ones do not count', () => {
  const table: Record<string, number> = {
    read: 0,
    mkdir: 83,
    statx: 332,
    socketcall: -101,
    none: -1,
  };
  const numberOf = (_: ArchitectureName, name: string) => table[name] ?? -1;
  expect(
    newestCalls(['SCMP_ARCH_X86_64'], ['mkdir', 'statx', 'socketcall', 'none'], numberOf),
  ).toEqual([{ architecture: 'SCMP_ARCH_X86_64', number: 332 }]);
  expect(newestCalls(['SCMP_ARCH_X86_64'], ['socketcall', 'none'], numberOf)).toEqual([]);
});
