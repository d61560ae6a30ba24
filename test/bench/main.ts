/**
 * The benchmark: npm run bench -- [--rounds N] [--rest MS] [--peers DIR] [--only WORD,…] [--json FILE] [--svg FILE]
 *
 * Medians, and what runt takes of each peer's time; scripts/bench makes the surroundings.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Figure, figuresOf } from './figures.ts';
import { type Group, groups, untimed, type World } from './groups.ts';
import { plotOf } from './plot.ts';
import { runtimesOf } from './peers.ts';
import { time } from './stopwatch.ts';
import { tableOf } from './table.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '60' },
    rest: { type: 'string', default: '30' },
    only: { type: 'string' },
    json: { type: 'string' },
    svg: { type: 'string' },
    peers: { type: 'string' },
  },
});

const folder = mkdtempSync(join(tmpdir(), 'runt-bench-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const world: World = {
  folder,
  rest: Number(values.rest),
  runtimes: runtimesOf(folder, values.peers),
};

function measure(group: Group): Figure[] {
  try {
    // fails where one of them cannot be made
    time(group.prepare?.(world) ?? [], 1);
    const lines = group.round(world);
    time(untimed(lines), 1);
    const rounds = Math.max(3, Math.round(Number(values.rounds) * group.share));
    return figuresOf(group.name, time(lines, rounds));
  } finally {
    time(untimed(group.clear?.(world) ?? []), 1);
  }
}

const wanted = values.only?.split(',');
const chosen = groups.filter(
  ({ name }) => wanted?.some((word) => name === word || name.startsWith(`${word} `)) ?? true,
);
const figures: Figure[] = [];
for (const group of chosen) {
  const found = measure(group);
  figures.push(...found);
  console.log(`${group.about}\n\n${tableOf(found)}\n`);
}
if (values.json) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
if (values.svg) {
  const about = new Map(chosen.map((group) => [group.name, group.about]));
  const curves = new Set(chosen.filter(({ isCurve }) => isCurve).map(({ name }) => name));
  writeFileSync(values.svg, plotOf(figures, about, curves));
}
