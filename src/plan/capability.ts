/**
 * Capabilities by name and by bit: capabilities(7), include/uapi/linux/capability.h.
 */
const names: readonly string[] = [
  'CAP_CHOWN',
  'CAP_DAC_OVERRIDE',
  'CAP_DAC_READ_SEARCH',
  'CAP_FOWNER',
  'CAP_FSETID',
  'CAP_KILL',
  'CAP_SETGID',
  'CAP_SETUID',
  'CAP_SETPCAP',
  'CAP_LINUX_IMMUTABLE',
  'CAP_NET_BIND_SERVICE',
  'CAP_NET_BROADCAST',
  'CAP_NET_ADMIN',
  'CAP_NET_RAW',
  'CAP_IPC_LOCK',
  'CAP_IPC_OWNER',
  'CAP_SYS_MODULE',
  'CAP_SYS_RAWIO',
  'CAP_SYS_CHROOT',
  'CAP_SYS_PTRACE',
  'CAP_SYS_PACCT',
  'CAP_SYS_ADMIN',
  'CAP_SYS_BOOT',
  'CAP_SYS_NICE',
  'CAP_SYS_RESOURCE',
  'CAP_SYS_TIME',
  'CAP_SYS_TTY_CONFIG',
  'CAP_MKNOD',
  'CAP_LEASE',
  'CAP_AUDIT_WRITE',
  'CAP_AUDIT_CONTROL',
  'CAP_SETFCAP',
  'CAP_MAC_OVERRIDE',
  'CAP_MAC_ADMIN',
  'CAP_SYSLOG',
  'CAP_WAKE_ALARM',
  'CAP_BLOCK_SUSPEND',
  'CAP_AUDIT_READ',
  'CAP_PERFMON',
  'CAP_BPF',
  'CAP_CHECKPOINT_RESTORE',
];

/** 0 for a name that does not exist. */
function bitOf(name: string): bigint {
  const bit = names.indexOf(name);
  return bit < 0 ? 0n : 1n << BigInt(bit);
}

/** The set as bits. Unknown names count for nothing: config.md asks for a warning, see `ungrantedCapabilities`. */
export function capabilityBits(set: readonly string[] | undefined): bigint {
  let all = 0n;
  for (const name of set ?? []) all |= bitOf(name);
  return all;
}

/** By name, up to the last one that a kernel has. */
export const capabilityNames = (last: number): readonly string[] => names.slice(0, last + 1);

interface Sets {
  readonly permitted?: readonly string[];
  readonly inheritable?: readonly string[];
  readonly ambient?: readonly string[];
}

/** capabilities(7): an ambient capability has to be permitted and inheritable. Those that are not, by name. */
export function unraisableAmbient({ permitted, inheritable, ambient = [] }: Sets): string[] {
  const may = capabilityBits(permitted) & capabilityBits(inheritable);
  return [...new Set(ambient.filter((name) => ((bitOf(name) || may) & may) === 0n))];
}

/** Names that do not exist, and those outside of what can be granted here. */
export function ungrantedCapabilities(set: readonly string[], grantable: bigint): string[] {
  const found = new Set<string>();
  for (const name of set) if ((bitOf(name) & grantable) === 0n) found.add(name);
  return [...found];
}
