/**
 * Architectures as libseccomp numbers them (seccomp_arch_add(3)) and as the kernel tells them to a filter
 * (include/uapi/linux/audit.h): the ELF machine, and bits for 64-bit words, little-endian and the MIPS N32 convention.
 */
import type { Seccomp } from '../bundle/config.ts';

export type ArchitectureName = NonNullable<Seccomp['architectures']>[number];

const wide = 0x8000_0000;
const little = 0x4000_0000;
const n32 = 0x2000_0000;

const tokens: Readonly<Record<ArchitectureName, number>> = {
  SCMP_ARCH_X86: 3 + little,
  SCMP_ARCH_X86_64: 62 + wide + little,
  SCMP_ARCH_X32: 62 + little,
  SCMP_ARCH_ARM: 40 + little,
  SCMP_ARCH_AARCH64: 183 + wide + little,
  SCMP_ARCH_MIPS: 8,
  SCMP_ARCH_MIPS64: 8 + wide,
  SCMP_ARCH_MIPS64N32: 8 + wide + n32,
  SCMP_ARCH_MIPSEL: 8 + little,
  SCMP_ARCH_MIPSEL64: 8 + wide + little,
  SCMP_ARCH_MIPSEL64N32: 8 + wide + little + n32,
  SCMP_ARCH_PPC: 20,
  SCMP_ARCH_PPC64: 21 + wide,
  SCMP_ARCH_PPC64LE: 21 + wide + little,
  SCMP_ARCH_S390: 22,
  SCMP_ARCH_S390X: 22 + wide,
  SCMP_ARCH_PARISC: 15,
  SCMP_ARCH_PARISC64: 15 + wide,
  SCMP_ARCH_RISCV64: 243 + wide + little,
  SCMP_ARCH_LOONGARCH64: 258 + wide + little,
  SCMP_ARCH_M68K: 4,
  SCMP_ARCH_SH: 42 + little,
  SCMP_ARCH_SHEB: 42,
};

export const architectureNames: readonly string[] = Object.keys(tokens);

/** libseccomp's number: the kernel's, but for x32, which the kernel does not tell from x86-64. */
export const architectureToken = (name: ArchitectureName): number => tokens[name];

/** What seccomp_data.arch says. An x32 call is one of x86-64 whose number has bit 30. */
export const auditNumber = (name: ArchitectureName): number =>
  tokens[name === 'SCMP_ARCH_X32' ? 'SCMP_ARCH_X86_64' : name];

/** Of the machine that runt itself runs on, by `process.arch`. */
export function nativeArchitecture(arch: string): ArchitectureName {
  return arch === 'arm64' ? 'SCMP_ARCH_AARCH64' : 'SCMP_ARCH_X86_64';
}

/** The native one, which every filter has, and those that the profile lists. */
export function architecturesOf(
  { architectures = [] }: Pick<Seccomp, 'architectures'>,
  native: ArchitectureName,
): readonly ArchitectureName[] {
  return [...new Set([native, ...architectures])];
}
