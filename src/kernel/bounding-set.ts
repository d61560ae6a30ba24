/**
 * What this process can hand on at most: a capability outside of its bounding set is lost for good (capabilities(7)).
 */
import { readFileSync } from 'node:fs';

/** Bit n is capability n. All of them where /proc does not say. */
export function boundingSet(): bigint {
  const found = /^CapBnd:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'latin1'));
  return found?.[1] === undefined ? ~0n : BigInt(`0x${found[1]}`);
}
