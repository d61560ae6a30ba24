/**
 * The library in a Node program beside the commands of crun and runc, in turn: npm run bench:library [COUNT].
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeBundle } from './bundles.ts';
import { median } from './figures.ts';
import { type Line, time } from './stopwatch.ts';

interface Round {
  readonly inOrder: number;
  readonly sixteen: number;
  /** At the median, at the 99th percentile, at most. */
  readonly late: readonly [number, number, number];
}

const count = Number(process.argv[2] ?? 100);
const program = join(import.meta.dirname, 'library-program.mjs');

/** The same verbs as commands, as a shell calls them; `delete` is tried until the container has ended. */
const lifeCycle = (runtime: string): string =>
  `${runtime} create -b "$b" $i && ${runtime} start $i && until ${runtime} delete $i 2>/dev/null; do :; done`;
/** All in one command, as few programs can use it. */
const oneCommand = (runtime: string): string => `${runtime} run -b "$b" $i`;

/** A shell starts `count` of them, `width` at a time. */
function peer(bundle: string, width: number, runtime: string, each: typeof lifeCycle): Line {
  const one = each(`${runtime} --root ${bundle}/${runtime}`);
  const loop = `b=${bundle}; one() { while [ $i -le ${count} ]; do ${one}; i=$((i+${width})); done; }`;
  const script = `${loop}; n=1; while [ $n -le ${width} ]; do i=$n; one & n=$((n+1)); done; wait`;
  return { label: { what: String(width), runtime }, words: ['sh', '-c', script] };
}

const widths = [1, 16] as const;
const columns = [
  { name: "crun's commands", runtime: 'crun', each: lifeCycle },
  { name: 'crun run', runtime: 'crun', each: oneCommand },
  { name: "runc's commands", runtime: 'runc', each: lifeCycle },
] as const;

function measure(bundle: string): void {
  const rounds: Round[] = [];
  const peers = columns.map(() => widths.map((): number[] => []));
  for (let round = 0; round < 5; round++) {
    const told = execFileSync('node', [program, bundle, String(count)], { encoding: 'utf8' });
    rounds.push(JSON.parse(told));
    for (const [column, { runtime, each }] of columns.entries())
      for (const [row, width] of widths.entries())
        for (const { milliseconds } of time([peer(bundle, width, runtime, each)], 1))
          peers[column]?.[row]?.push(milliseconds / count);
  }
  console.log(
    `| ms for each container | library | ${columns.map(({ name }) => `${name} | library : ${name}`).join(' | ')} |\n| ${'--- | '.repeat(2 + 2 * columns.length)}`,
  );
  for (const [row, width] of widths.entries()) {
    const ours = median(rounds.map(({ inOrder, sixteen }) => (width === 1 ? inOrder : sixteen)));
    const theirs = peers.map((column) => median(column[row] ?? []));
    const cells = theirs.flatMap((one) => [one.toFixed(2), (ours / one).toFixed(2)]);
    const name = width === 1 ? 'one after another' : `${width} at a time`;
    console.log(`| ${[name, ours.toFixed(2), ...cells].join(' | ')} |`);
  }
  const late = [0, 1, 2].map((at) => median(rounds.map((one) => one.late[at] ?? 0)).toFixed(1));
  console.log(
    `\nthe event loop was late by ${late[0]} ms at the median, ${late[1]} at the 99th percentile, ${late[2]} at most`,
  );
}

const folder = mkdtempSync(join(tmpdir(), 'runt-bench-'));
try {
  measure(makeBundle(folder, 'library', ['true']));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
