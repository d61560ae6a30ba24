/** What samples come to: medians by command and runtime. */
import type { Sample } from './stopwatch.ts';

export interface Figure {
  readonly group: string;
  readonly what: string;
  readonly runtime: string;
  readonly medianMs: number;
  readonly minMs: number;
  readonly peakKiB: number;
  readonly samples: number;
}

export const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

const rounded = (number: number): number => Number(number.toFixed(3));

/** By a name of each, in the order in which they were met. */
export function grouped<T>(all: readonly T[], nameOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(nameOf(one));
    if (group === undefined) groups.set(nameOf(one), [one]);
    else group.push(one);
  }
  return groups;
}

/** In the order in which commands and runtimes were met. */
export function figuresOf(group: string, samples: readonly Sample[]): Figure[] {
  const kinds = grouped(samples, ({ what, runtime }) => `${what}|${runtime}`);
  return [...kinds.values()].map((all) => {
    const times = all.map(({ milliseconds }) => milliseconds);
    const [first] = all;
    return {
      group,
      what: first?.what ?? '',
      runtime: first?.runtime ?? '',
      medianMs: rounded(median(times)),
      minMs: rounded(Math.min(...times)),
      peakKiB: median(all.map(({ peakKiB }) => peakKiB)),
      samples: all.length,
    };
  });
}
