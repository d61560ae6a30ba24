/**
 * Reads a container's statistics.
 */
import { readdirSync } from 'node:fs';
import type { CgroupPlacement } from '../plan/placement.ts';
import type { Statistics } from '../plan/statistics.ts';
import { statisticsV1 } from '../plan/statistics-v1.ts';
import { statisticsV2 } from '../plan/statistics-v2.ts';
import { readControlIfPresent } from './control-file.ts';

export function readStatistics({ mode, directories }: CgroupPlacement): Statistics {
  const sizes = pageSizes();
  const unified = directories.find(({ version }) => version === 2);
  if (mode === 'v2') return statisticsV2((file) => readIf(unified?.path, file), sizes);
  return statisticsV1((controller, file) => {
    const directory = directories.find(({ controllers }) => controllers.includes(controller));
    return readIf(directory?.path, file);
  }, sizes);
}

/** Some files, such as those of a disabled PSI, are there and refuse. */
function readIf(path: string | undefined, file: string): string | undefined {
  if (path === undefined) return undefined;
  try {
    return readControlIfPresent(path, file);
  } catch {
    return undefined;
  }
}

/** As cgroup files name them: `hugepages-2048kB` is 2MB. */
function pageSizes(): readonly string[] {
  let names: readonly string[];
  try {
    names = readdirSync('/sys/kernel/mm/hugepages');
  } catch {
    return [];
  }
  return names.map((name) => sizeName(Number(/\d+/.exec(name)?.[0] ?? 0))).sort();
}

function sizeName(kilobytes: number): string {
  for (const [unit, size] of [
    ['GB', 2 ** 20],
    ['MB', 2 ** 10],
  ] as const)
    if (kilobytes >= size) return `${kilobytes / size}${unit}`;
  return `${kilobytes}KB`;
}
