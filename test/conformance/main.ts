/**
 * The conformance suite as a command: npm run conformance -- [--json FILE] [--write] [--only WORDS] [RUNTIME...]
 *
 * The environment's RUNTIME names one runtime; without any, dist/runt and what there is of runc and crun are asked.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Case } from './case.ts';
import { chapters } from './cases/index.ts';
import { reasonOf } from './families.ts';
import { cgroupParent, isRunt, openHarness, type Result } from './harness.ts';
import { endCgroup } from './stage.ts';
import { chapterTable, peerOf, type Results, totalsOf, totalsTable } from './table.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'string' },
    write: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
});

const root = join(import.meta.dirname, '../..');

function found(name: string): string[] {
  try {
    return [execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim()];
  } catch {
    return [];
  }
}

function runtimesAsked(): string[] {
  if (positionals.length > 0) return positionals;
  const { RUNTIME } = process.env;
  if (RUNTIME !== undefined && RUNTIME !== '') return [RUNTIME];
  return [join(root, 'dist/runt'), ...found('runc'), ...found('crun')];
}

const wanted = (one: Case): boolean =>
  values.only === undefined || `${one.section} ${one.says}`.includes(values.only);

function measure(runtimes: readonly string[]): Results {
  const harness = openHarness();
  const results = new Map<Case, ReadonlyMap<string, Result>>();
  try {
    for (const { cases } of chapters)
      for (const one of cases.filter(wanted))
        results.set(one, new Map(runtimes.map((runtime) => [runtime, harness.run(one, runtime)])));
  } finally {
    harness.end();
    endCgroup(cgroupParent);
  }
  return results;
}

/** A difference that nobody has explained: of runt a fault, of a peer a sentence that is missing. */
function unexplained(results: Results): string[] {
  return [...results].flatMap(([one, of]) =>
    [...of].flatMap(([runtime, result]) => {
      if (result.is !== 'fail') return [];
      const peer = peerOf(runtime);
      if (!isRunt(runtime) && peer !== undefined && reasonOf(one, peer) !== undefined) return [];
      return [`${basename(runtime)}: ${one.section}: ${one.says}: ${result.why}`];
    }),
  );
}

/** Sentences that no longer explain anything. */
function stale(results: Results): string[] {
  return [...results].flatMap(([one, of]) =>
    [...of].flatMap(([runtime, result]) => {
      const peer = peerOf(runtime);
      const said = peer !== undefined && one.peers?.[peer] !== undefined;
      return said && result.is === 'pass'
        ? [`${basename(runtime)} passes: ${one.section}: ${one.says}`]
        : [];
    }),
  );
}

function writeDocument(text: string): void {
  const path = join(root, 'docs/conformance.md');
  const [begin, end] = ['<!-- measured: begin -->', '<!-- measured: end -->'];
  const old = readFileSync(path, 'utf8');
  const from = old.indexOf(begin) + begin.length;
  const to = old.indexOf(end);
  if (from < begin.length || to < from) throw new Error(`${path} has no markers`);
  writeFileSync(path, `${old.slice(0, from)}\n\n${text}\n\n${old.slice(to)}`);
}

const runtimes = runtimesAsked();
const results = measure(runtimes);
const tables = chapters
  .map(({ title, cases }) => ({ title, cases: cases.filter(wanted) }))
  .filter(({ cases }) => cases.length > 0)
  .map((chapter) => chapterTable(chapter, results, runtimes));
const totals = totalsOf(results, runtimes);
const report = [totalsTable(totals), ...tables].join('\n\n');

console.log([...tables, totalsTable(totals)].join('\n\n'));
for (const line of unexplained(results)) console.log(`unexplained: ${line}`);
for (const line of stale(results)) console.log(`stale: ${line}`);
if (values.json !== undefined) {
  const rows = [...results].map(([{ section, level, says }, of]) => ({
    section,
    level,
    says,
    results: Object.fromEntries([...of].map(([runtime, result]) => [basename(runtime), result])),
  }));
  writeFileSync(values.json, `${JSON.stringify({ totals, rows }, null, 2)}\n`);
}
if (values.write) writeDocument(report);
process.exitCode = unexplained(results).length > 0 ? 1 : 0;
