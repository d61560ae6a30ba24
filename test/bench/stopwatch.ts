/**
 * native/bench/stopwatch.c, which runs and times a script of commands: every round runs every runtime once, in turn, so that
 * a slow moment of the machine hits all of them.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** A command to be run, timed under its label; without one it is only run. */
export interface Line {
  readonly label?: { readonly what: string; readonly runtime: string };
  readonly words: readonly string[];
}

export interface Sample {
  readonly what: string;
  readonly runtime: string;
  readonly milliseconds: number;
  readonly peakKiB: number;
}

const stopwatch = join(import.meta.dirname, '../../native/build/stopwatch');

/** Throws when a timed command fails. */
export function time(lines: readonly Line[], rounds: number): Sample[] {
  if (lines.length === 0) return [];
  const script = lines
    .map(({ label, words }) =>
      [label ? `${label.what}|${label.runtime}` : '-', ...words].join('\t'),
    )
    .join('\n');
  const output = execFileSync(stopwatch, [String(rounds)], {
    input: script,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  return output.split('\n').flatMap((line) => (line === '' ? [] : [sampleOf(line)]));
}

function sampleOf(line: string): Sample {
  const [label = '', nanoseconds, peakKiB, status] = line.split('\t');
  const [what = '', runtime = ''] = label.split('|');
  if (status !== '0') throw new Error(`${runtime}: "${what}" failed with wait status ${status}`);
  return {
    what,
    runtime,
    milliseconds: Number(nanoseconds) / 1e6,
    peakKiB: Number(peakKiB),
  };
}
