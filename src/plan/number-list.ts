/**
 * Lists of CPUs and memory nodes, `0-3,7`, as words of a bit mask: as long as the highest number asks for, no limit.
 */
export function maskWords(list: string): number[] {
  const words: number[] = [];
  for (const part of list.split(',')) {
    const [first = '', last = first] = part.trim().split('-');
    if (first === '') continue;
    for (let n = Number(first); n <= Number(last); n++) {
      while (words.length <= n >> 5) words.push(0);
      words[n >> 5] = ((words[n >> 5] ?? 0) | (1 << (n & 31))) >>> 0;
    }
  }
  return words;
}

/** More CPUs than any kernel is built for (8192): the kernel keeps those that it has and that the cpuset allows. */
export const everyCpu: Uint32Array = new Uint32Array(256).fill(0xffff_ffff);
