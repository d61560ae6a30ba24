/**
 * The benchmark: a script of commands for native/bench/stopwatch.c, and its answers as a table and as JSON.
 *
 * Every round runs every runtime once, in turn, so that a slow moment of the machine hits all of them. Medians, and
 * the ratio of runt's to each peer's.
 */
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '60' },
    rest: { type: 'string', default: '30' },
    json: { type: 'string' },
    peers: { type: 'string' },
  },
});

const folder = mkdtempSync(join(tmpdir(), 'runt-bench-'));
const which = (name) =>
  execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();

function runtimes() {
  const peer = (name) =>
    values.peers && existsSync(join(values.peers, name)) ? join(values.peers, name) : which(name);
  return {
    runt: join(import.meta.dirname, '../dist/runt'),
    runc: peer('runc'),
    crun: peer('crun'),
  };
}

/** The default config of `runc spec`, which all three take, without a terminal; busybox as its program. */
function makeBundle(runc, name, args) {
  const bundle = join(folder, name);
  mkdirSync(join(bundle, 'rootfs/bin'), { recursive: true });
  copyFileSync(which('busybox'), join(bundle, 'rootfs/bin/busybox'));
  for (const link of ['true', 'sleep'])
    copyFileSync(which('busybox'), join(bundle, 'rootfs/bin', link));
  execFileSync(runc, ['spec', '--bundle', bundle]);
  const path = join(bundle, 'config.json');
  const config = JSON.parse(readFileSync(path, 'utf8'));
  config.process.terminal = false;
  config.process.args = args;
  writeFileSync(path, JSON.stringify(config));
  return bundle;
}

/** A machine at rest before each command, as when somebody starts a container: see docs/performance.md. */
const rest = (lines) => {
  if (values.rest !== '0') lines.push(['-', 'sleep', values.rest]);
};

function script(paths) {
  const runBundle = makeBundle(paths.runc, 'true', ['true']);
  const lifeBundle = makeBundle(paths.runc, 'life', ['sleep', '1000']);
  const lines = [];
  const each = (name, args) => {
    for (const [runtime, path] of Object.entries(paths)) {
      const root = join(folder, `root-${runtime}`);
      const id = `bench-${runtime}`;
      lines.push([`${name} ${runtime}`, path, '--root', root, ...args(id)]);
      rest(lines);
    }
  };
  each('run true', (id) => ['run', '--bundle', runBundle, id]);
  each('create', (id) => ['create', '--bundle', lifeBundle, id]);
  each('start', (id) => ['start', id]);
  each('state', (id) => ['state', id]);
  each('exec true', (id) => ['exec', id, 'true']);
  each('list', () => ['list']);
  each('kill', (id) => ['kill', id, 'KILL']);
  lines.push(['-', 'sleep', '30']);
  each('delete', (id) => ['delete', id]);
  for (const [runtime, path] of Object.entries(paths))
    lines.push([`--version ${runtime}`, path, '--version']);
  rest(lines);
  return lines.map((words) => words.join('\t')).join('\n');
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

function measure(paths) {
  const input = script(paths);
  const stopwatch = join(import.meta.dirname, '../native/build/stopwatch');
  const run = (rounds) =>
    execFileSync(stopwatch, [String(rounds)], {
      input,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  run(3);
  const samples = new Map();
  for (const line of run(Number(values.rounds)).split('\n')) {
    const found = /^(\S.*) (\w+)\t(\d+)\t(\d+)\t(\d+)$/.exec(line);
    if (!found) continue;
    const [, command, runtime, ns, kib, status] = found;
    if (status !== '0')
      throw new Error(`${runtime}: "${command}" failed with wait status ${status}`);
    const key = `${command}\t${runtime}`;
    const entry = samples.get(key) ?? { command, runtime, ms: [], kib: [] };
    entry.ms.push(Number(ns) / 1e6);
    entry.kib.push(Number(kib));
    samples.set(key, entry);
  }
  return [...samples.values()].map(({ command, runtime, ms, kib }) => ({
    command,
    runtime,
    medianMs: Number(median(ms).toFixed(3)),
    minMs: Number(Math.min(...ms).toFixed(3)),
    peakKiB: median(kib),
    samples: ms.length,
  }));
}

function table(rows) {
  const lines = [
    '| command | runt ms | runc ms | crun ms | runt : runc | runt : crun | peak MiB runt / runc / crun |',
    '| --- | --- | --- | --- | --- | --- | --- |',
  ];
  for (const command of new Set(rows.map((row) => row.command))) {
    const of = (runtime) => rows.find((row) => row.command === command && row.runtime === runtime);
    const [runt, runc, crun] = [of('runt'), of('runc'), of('crun')];
    const mib = [runt, runc, crun].map((row) => (row.peakKiB / 1024).toFixed(1)).join(' / ');
    const ratio = (peer) => (runt.medianMs / peer.medianMs).toFixed(2);
    lines.push(
      `| ${command} | ${runt.medianMs.toFixed(1)} | ${runc.medianMs.toFixed(1)} | ${crun.medianMs.toFixed(1)} | ${ratio(runc)} | ${ratio(crun)} | ${mib} |`,
    );
  }
  return lines.join('\n');
}

try {
  const rows = measure(runtimes());
  console.log(table(rows));
  if (values.json) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
