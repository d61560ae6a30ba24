/** A block device whose throttles the kernel sets; undefined where there is none. */
import { readdirSync, readFileSync } from 'node:fs';

export interface DeviceNumbers {
  readonly major: number;
  readonly minor: number;
}

export function blockDevice(): DeviceNumbers | undefined {
  for (const name of readdirSync('/sys/block')) {
    const [major, minor] = readFileSync(`/sys/block/${name}/dev`, 'utf8').split(':').map(Number);
    if (major !== undefined && minor !== undefined) return { major, minor };
  }
  return undefined;
}
