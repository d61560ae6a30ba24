/**
 * Runs the validation programs of opencontainers/runtime-tools against runtimes: npm run conformance:runtime-tools --
 * DIR [--json FILE] [--limit SECONDS] [RUNTIME...]
 *
 * DIR is a checkout in which upstream's `make runtimetest validation-executables` was run. Each program speaks TAP.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'string' }, limit: { type: 'string', default: '60' } },
});
const [folder = '', ...named] = positionals;
// a path is the caller's, whatever folder the programs run in; a bare name is looked for in PATH
const runtimes =
  named.length > 0
    ? named.map((name) => (name.includes('/') ? resolve(name) : name))
    : [join(import.meta.dirname, '../dist/runt')];

const ids = (runtime) =>
  spawnSync(runtime, ['list', '-q'], { encoding: 'utf8' }).stdout.split('\n').filter(Boolean);

/** A program that was cut off leaves containers behind, which would disturb the next one. */
function deleteNew(runtime, before) {
  for (const id of ids(runtime))
    if (!before.includes(id)) spawnSync(runtime, ['delete', '--force', id]);
}

function run(program, runtime) {
  return new Promise((done) => {
    const child = spawn(program, [], {
      cwd: folder,
      env: { ...process.env, RUNTIME: runtime },
      // a group of its own, so that all of it can be ended
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = { stdout: '', stderr: '' };
    let timedOut = false;
    const timer = setTimeout(
      () => {
        timedOut = true;
        process.kill(-child.pid, 'SIGKILL');
      },
      Number(values.limit) * 1000,
    );
    for (const name of ['stdout', 'stderr'])
      child[name].on('data', (chunk) => {
        said[name] += chunk;
      });
    child.on('exit', (status) => {
      clearTimeout(timer);
      child.stdout.destroy();
      child.stderr.destroy();
      done({ ...said, status, timedOut });
    });
  });
}

/** test-anything protocol, as far as the programs use it. */
function readTap({ stdout, stderr, status, timedOut }) {
  const lines = stdout.split('\n');
  const failures = lines.filter((line) => /^not ok\b/.test(line) && !/# (SKIP|TODO)/i.test(line));
  const plan = lines.map((line) => /^1\.\.(\d+)/.exec(line)?.[1]).find(Boolean);
  return {
    planned: plan === undefined ? undefined : Number(plan),
    ok: lines.filter((line) => /^ok\b/.test(line) && !/# SKIP/i.test(line)).length,
    skipped: lines.filter((line) => /^ok\b.*# SKIP/i.test(line)).length,
    notOk: failures.length,
    bailedOut: status !== 0 && !timedOut,
    timedOut,
    failures,
    stderr: stderr.trim().split('\n').slice(-3),
  };
}

async function measure() {
  const programs = readdirSync(join(folder, 'validation'), { recursive: true })
    .filter((name) => name.endsWith('.t'))
    .sort();
  if (programs.length === 0) throw new Error(`no validation/*/*.t below ${folder}`);
  const rows = [];
  for (const program of programs)
    for (const runtime of runtimes) {
      const before = ids(runtime);
      const answer = readTap(await run(resolve(folder, 'validation', program), runtime));
      deleteNew(runtime, before);
      rows.push({ program: basename(program, '.t'), runtime: basename(runtime), ...answer });
    }
  return rows;
}

function table(rows) {
  const mark = (flag) => (flag ? 'yes' : '');
  return [
    '| program | runtime | planned | ok | not ok | skipped | bailed out | timed out |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows.map(
      (row) =>
        `| ${row.program} | ${row.runtime} | ${row.planned ?? '?'} | ${row.ok} | ${row.notOk} | ` +
        `${row.skipped} | ${mark(row.bailedOut)} | ${mark(row.timedOut)} |`,
    ),
  ].join('\n');
}

function totals(rows) {
  return runtimes.map((runtime) => {
    const own = rows.filter((row) => row.runtime === basename(runtime));
    const clean = own.filter((row) => row.notOk === 0 && !row.bailedOut && !row.timedOut);
    const sum = (name) => own.reduce((total, row) => total + row[name], 0);
    return `${basename(runtime)}: ${clean.length} of ${own.length} programs without a failure; ${sum('ok')} ok, ${sum('notOk')} not ok`;
  });
}

if (!existsSync(folder)) {
  console.error('usage: npm run conformance:runtime-tools -- DIR [--json FILE] [RUNTIME...]');
  process.exit(2);
}
const rows = await measure();
console.log(table(rows));
console.log(totals(rows).join('\n'));
if (values.json) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);
