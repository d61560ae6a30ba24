/**
 * The scales of v1 as those of v2, by the formulas that runc and crun share, so that a config means the same under each.
 */

const largestShares = 262_144;
const largestWeight = 10_000;

/**
 * cpu.shares (2 … 262144, usual 1024) → cpu.weight (1 … 10000, usual 100): a curve through the ends and the usual value.
 * 0 when there is nothing to set.
 */
export function cpuWeight(shares: number): number {
  if (shares <= 0) return 0;
  if (shares <= 2) return 1;
  if (shares >= largestShares) return largestWeight;
  const l = Math.log2(shares);
  return Math.ceil(10 ** ((l * l + 125 * l) / 612 - 7 / 34));
}

/** blkio.weight (10 … 1000) → io.weight (1 … 10000), linear; 0 when there is nothing to set. */
export function ioWeight(weight: number): number {
  return weight === 0 ? 0 : 1 + Math.floor(((weight - 10) * 9999) / 990);
}
