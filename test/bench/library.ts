/**
 * The library in a Node program beside crun's command, in turn: npm run bench:library [COUNT]. Both columns are ms for each
 * container.
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

/** A shell starts them, as many at a time as are wanted. */
function peer(bundle: string, width: number): Line {
  const each = `crun --root ${bundle}/crun run -b ${bundle} c$i ${width > 1 ? '&' : ';'}`;
  const script = `i=0; while [ $i -lt ${count} ]; do ${each} i=$((i+1)); [ $((i % ${width})) -ne 0 ] || wait; done; wait`;
  return { label: { what: String(width), runtime: 'crun' }, words: ['sh', '-c', script] };
}

function measure(bundle: string): void {
  const rounds: Round[] = [];
  const peers: [number, number][] = [];
  for (let round = 0; round < 5; round++) {
    const told = execFileSync('node', [program, bundle, String(count)], { encoding: 'utf8' });
    rounds.push(JSON.parse(told));
    const samples = time([peer(bundle, 1), peer(bundle, 16)], 1);
    const [one = Number.NaN, many = Number.NaN] = samples.map(
      (sample) => sample.milliseconds / count,
    );
    peers.push([one, many]);
  }
  const row = (name: string, ours: number, theirs: number) =>
    console.log(
      `| ${name} | ${ours.toFixed(2)} | ${theirs.toFixed(2)} | ${(ours / theirs).toFixed(2)} |`,
    );
  console.log(
    '| ms for each container | library | crun | library : crun |\n| --- | --- | --- | --- |',
  );
  row(
    'one after another',
    median(rounds.map((one) => one.inOrder)),
    median(peers.map(([one]) => one)),
  );
  row(
    '16 at a time',
    median(rounds.map((one) => one.sixteen)),
    median(peers.map(([, many]) => many)),
  );
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
