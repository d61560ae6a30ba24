import { expect, test } from 'vitest';
import {
  architectureToken,
  auditNumber,
  nativeArchitecture,
} from '../../src/seccomp/architecture.ts';

test.each([
  ['SCMP_ARCH_X86', 0x4000_0003],
  ['SCMP_ARCH_X86_64', 0xc000_003e],
  ['SCMP_ARCH_AARCH64', 0xc000_00b7],
  ['SCMP_ARCH_ARM', 0x4000_0028],
  ['SCMP_ARCH_MIPS64N32', 0xa000_0008],
  ['SCMP_ARCH_MIPSEL64N32', 0xe000_0008],
  ['SCMP_ARCH_PPC64LE', 0xc000_0015],
  ['SCMP_ARCH_S390X', 0x8000_0016],
  ['SCMP_ARCH_RISCV64', 0xc000_00f3],
  ['SCMP_ARCH_LOONGARCH64', 0xc000_0102],
  ['SCMP_ARCH_SHEB', 0x2a],
] as const)('%s is one number for libseccomp and the kernel', (name, number) => {
  expect(architectureToken(name)).toBe(number);
  expect(auditNumber(name)).toBe(number);
});

test('x32 is x86-64 to the kernel', () => {
  expect(architectureToken('SCMP_ARCH_X32')).toBe(0x4000_003e);
  expect(auditNumber('SCMP_ARCH_X32')).toBe(0xc000_003e);
});

test('the machine that we run on', () => {
  expect(nativeArchitecture('x64')).toBe('SCMP_ARCH_X86_64');
  expect(nativeArchitecture('arm64')).toBe('SCMP_ARCH_AARCH64');
});
