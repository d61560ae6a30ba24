/**
 * The library in a Node program beside the commands of crun and runc, in turn: npm run bench:library [COUNT].
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeBundle, which } from './bundles.ts';
import { median } from './figures.ts';
import { type Line, time } from './stopwatch.ts';

/** At the median, at the 99th percentile, at most; and the longest that the program's own thread ran in one turn. */
type Late = readonly [number, number, number, number];

interface Round {
  readonly inOrder: number;
  readonly sixteen: number;
  /**
   * `idle`: of a program that does nothing, while crun's commands make 16 at a time; `atRest`: while nobody does anything.
   */
  readonly late: Readonly<Record<'inOrder' | 'sixteen' | 'idle' | 'atRest', Late>>;
}

const count = Number(process.argv[2] ?? 100);
const program = join(import.meta.dirname, 'library-program.mjs');

const lifecycle = join(import.meta.dirname, '../../native/build/lifecycle');

/** Words of a shell for `count` containers, whose ids begin with `$n`. */
type Several = (runtime: string, bundle: string, count: number) => string;

/** The same verbs as commands, which native/bench/lifecycle.c calls as a program would. */
const byCommands: Several = (runtime, bundle, many) =>
  `${lifecycle} ${which(runtime)} ${bundle}/${runtime} ${bundle} $n ${many}`;
/** All in one command, as few programs can use it. */
const inOne: Several = (runtime, bundle, many) =>
  `{ i=0; while [ $i -lt ${many} ]; do ${runtime} --root ${bundle}/${runtime} run -b ${bundle} $n-$i || exit; i=$((i+1)); done; }`;

/** A shell starts `count` of them, `width` at a time; it fails when one of them does. */
function script(bundle: string, width: number, runtime: string, several: Several): string {
  const one = several(runtime, bundle, Math.ceil(count / width));
  return `n=1 all=; while [ $n -le ${width} ]; do ${one} & all="$all $!"; n=$((n+1)); done; for p in $all; do wait $p || exit; done`;
}

function peer(bundle: string, width: number, runtime: string, several: Several): Line {
  const words = ['sh', '-c', script(bundle, width, runtime, several)];
  return { label: { what: String(width), runtime }, words };
}

const widths = [1, 16] as const;
const columns = [
  { name: "crun's commands", runtime: 'crun', several: byCommands },
  { name: 'crun run', runtime: 'crun', several: inOne },
  { name: "runc's commands", runtime: 'runc', several: byCommands },
] as const;

function measure(bundle: string): void {
  const rounds: Round[] = [];
  const peers = columns.map(() => widths.map((): number[] => []));
  for (let round = 0; round < 5; round++) {
    const words = [program, bundle, String(count), script(bundle, 16, 'crun', byCommands)];
    const told = execFileSync('node', words, { encoding: 'utf8' });
    rounds.push(JSON.parse(told));
    for (const [column, { runtime, several }] of columns.entries())
      for (const [row, width] of widths.entries())
        for (const { milliseconds } of time([peer(bundle, width, runtime, several)], 1))
          peers[column]?.[row]?.push(milliseconds / (width * Math.ceil(count / width)));
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
  const oneOfCrun = median(peers[0]?.[0] ?? []);
  const together = median(rounds.map(({ sixteen }) => sixteen));
  console.log(
    `\n16 at a time, each takes ${(together / oneOfCrun).toFixed(2)} of what one takes crun's commands`,
  );
  console.log(
    `\n| the event loop was late by, ms | at the median | at the 99th percentile | at most | its own work took at most |\n| ${'--- | '.repeat(5)}`,
  );
  const loops = [
    ['the library makes one after another', 'inOrder'],
    ['the library makes 16 at a time', 'sixteen'],
    ["the program does nothing, crun's commands make 16 at a time", 'idle'],
    ['nobody does anything', 'atRest'],
  ] as const;
  for (const [name, loop] of loops) {
    const late = [0, 1, 2, 3].map((at) => median(rounds.map((one) => one.late[loop][at] ?? 0)));
    console.log(`| ${[name, ...late.map((ms) => ms.toFixed(1))].join(' | ')} |`);
  }
}

const folder = mkdtempSync(join(tmpdir(), 'runt-bench-'));
try {
  measure(makeBundle(folder, 'library', ['true']));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
