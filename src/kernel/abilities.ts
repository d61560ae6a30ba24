/**
 * What this host's kernel can do, where a report has to say so. Nothing here needs a privilege.
 */
import { readFileSync } from 'node:fs';
import { librunt } from './librunt.ts';

/** Number of the last capability: capabilities(7). */
export function lastCapability(): number {
  return Number(readFileSync('/proc/sys/kernel/cap_last_cap', 'latin1'));
}

/** `seccomp(SECCOMP_SET_MODE_FILTER, flags, NULL)`: whether the kernel knows the flags; no filter is loaded. */
export const knowsSeccompFlags = (flags: number): boolean => librunt().seccompFlags(flags) !== 0;
