/**
 * Lists of CPUs or memory nodes, such as `0-3,7`: cpuset(7).
 */

/** Larger than any kernel's; keeps a list from filling memory. */
const largest = 65_535;

/** The numbers of a list in order; undefined when it is none. */
export function parseCpuList(text: string): readonly number[] | undefined {
  const numbers = new Set<number>();
  for (const part of text.trim().split(',')) {
    if (part === '') continue;
    const [, first = '', last = first] = /^\s*(\d{1,6})(?:-(\d{1,6}))?\s*$/.exec(part) ?? [];
    if (first === '' || Number(last) > largest || Number(last) < Number(first)) return undefined;
    for (let number = Number(first); number <= Number(last); number += 1) numbers.add(number);
  }
  return [...numbers].sort((a, b) => a - b);
}

/** As systemd's properties have it: a bit for each, the lowest first. undefined when it is no list. */
export function cpuListBytes(text: string): readonly number[] | undefined {
  const numbers = parseCpuList(text);
  if (numbers === undefined) return undefined;
  const bytes = Array.from({ length: ((numbers.at(-1) ?? 0) >> 3) + 1 }, () => 0);
  for (const number of numbers)
    bytes[number >> 3] = (bytes[number >> 3] ?? 0) | (1 << (number & 7));
  return bytes;
}
