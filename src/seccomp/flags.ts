/**
 * The flags of seccomp(2): include/uapi/linux/seccomp.h.
 */
import type { Seccomp, SyscallRule } from '../bundle/config.ts';

type Flag = NonNullable<Seccomp['flags']>[number];

const newListener = 0x8;
const waitKillable = 0x20;

const bits: Readonly<Record<Flag, number>> = {
  // only one thread is there when the filter is loaded: nothing to bring into step
  SECCOMP_FILTER_FLAG_TSYNC: 0,
  SECCOMP_FILTER_FLAG_LOG: 0x2,
  SECCOMP_FILTER_FLAG_SPEC_ALLOW: 0x4,
  SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV: waitKillable,
};

/** By name, as the kernel numbers them. */
export const seccompFlags: readonly (readonly [name: string, bit: number])[] = [
  ['SECCOMP_FILTER_FLAG_TSYNC', 0x1],
  ...Object.entries(bits).filter(([name]) => name !== 'SECCOMP_FILTER_FLAG_TSYNC'),
];

/** What the kernel wants beside a flag: it waits for a listener's answer. */
export const companionOf = (bit: number): number => (bit === waitKillable ? newListener : 0);

interface FlagsOfProfile extends Pick<Seccomp, 'flags'> {
  readonly syscalls?: readonly Pick<SyscallRule, 'action'>[];
}

/** Whether somebody outside answers for some of the calls. */
const notifies = ({ syscalls = [] }: FlagsOfProfile): boolean =>
  syscalls.some(({ action }) => action === 'SCMP_ACT_NOTIFY');

/** Without a word about flags speculation stays allowed, as under runc; an empty list asks for none. */
export function filterFlags(profile: FlagsOfProfile): number {
  const flags = profile.flags ?? ['SECCOMP_FILTER_FLAG_SPEC_ALLOW'];
  const asked = flags.reduce((all, flag) => all | bits[flag], 0);
  // how to wait for an answer is a trait of the listener, and the kernel refuses it without one
  return notifies(profile) ? asked | newListener : asked & ~waitKillable;
}
