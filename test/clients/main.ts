/**
 * Real clients drive runt, as a command: npm run test:clients -- [NAME...] [--case REGEX] [--runtime PATH] [--list]
 *
 * Each runs its cases with runt, and with runc as the control. The last line is the total of all: N passed, N failed, N skipped.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { keeper, pause } from '../support/probe.ts';
import { mustRun } from '../support/runtimes.ts';
import { atEnd } from '../vm/at-end.ts';
import { addCounts, type Counts, countsLine, noCounts } from '../vm/counts.ts';
import type { Client } from './client.ts';
import { clients } from './clients.ts';
import { type Images, makeImages } from './images.ts';
import { readRequest, type Request } from './request.ts';
import { runWorld, type WorldParts } from './run-world.ts';
import { lastCase, type Report } from './report.ts';
import { suiteTree } from './suite-tree.ts';
import { countRows, tableOf } from './table.ts';

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const tell = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

const checkout = resolve(import.meta.dirname, '../..');

/** The tree of a client's release; undefined when it is this host's. A text says why the client cannot be run. */
type Place = { readonly tree: string | undefined } | string;

function placeOf(client: Client): Place {
  const { suite } = client;
  if (suite !== undefined) {
    if (!isThere('mmdebstrap')) return `needs mmdebstrap, to make a tree of Debian ${suite}`;
    // one tree for all clients of a release, whichever of them are wanted
    const all = clients.filter((one) => one.suite === suite).flatMap((one) => one.packages);
    const names = all.map(({ name }) => name);
    return { tree: suiteTree(suite, names, say) };
  }
  const missing = client.packages.filter(({ program }) => !isThere(program));
  if (missing.length === 0) return { tree: undefined };
  const names = missing.map(({ name }) => name).join(' ');
  // there, the packages would start their daemons
  if (existsSync('/run/systemd/system') || !isThere('apt-get'))
    return `missing here: ${names} (on Debian: apt-get install --no-install-recommends ${names})`;
  say(`installing Debian packages: ${names}`);
  const words = ['install', '-y', '-qq', '--no-install-recommends', ...names.split(' ')];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  execFileSync('apt-get', ['update', '-qq'], { stdio: 'pipe', env });
  execFileSync('apt-get', words, { stdio: 'pipe', env });
  return { tree: undefined };
}

const isThere = (program: string): boolean =>
  program.startsWith('/')
    ? existsSync(program)
    : (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(join(folder, program)));

async function runClient(
  client: Client,
  request: Request,
  folder: string,
  images: Images,
): Promise<Counts> {
  const cases = client.cases.filter(request.isWanted);
  if (cases.length === 0) return noCounts;
  say(`--- ${client.name}: ${client.is}`);
  const place = placeOf(client);
  if (typeof place === 'string') {
    say(`  ${mustRun ? 'failed' : 'skipped'}: ${place}`);
    return { ...noCounts, [mustRun ? 'failed' : 'skipped']: cases.length + 1 };
  }
  const parts: Omit<WorldParts, 'runtime'> = {
    client: client.name,
    cases,
    tree: place.tree,
    keeper: keeper(),
    shared: [checkout, folder],
    images,
    tell,
  };
  const path = request.runtime ?? join(checkout, 'dist/runt');
  const [runt, runc] = await Promise.all([
    runWorld({ ...parts, runtime: { name: 'runt', path } }),
    runWorld({ ...parts, runtime: { name: 'runc', path: 'runc' } }),
  ]);
  const rows = [...cases, lastCase].map((name) => ({
    name,
    runt: found(runt, name),
    runc: found(runc, name),
  }));
  for (const line of tableOf(rows)) say(line);
  const counts = countRows(rows);
  say(`${client.name}: ${countsLine(counts)}`);
  return counts;
}

const found = (reports: readonly Report[], wanted: string): Report =>
  reports.find(({ name }) => name === wanted) ?? {
    name: wanted,
    outcome: 'broken',
    reason: 'it was not come to',
    seconds: 0,
  };

async function runAll(request: Request): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'runt-clients-'));
  const undo = atEnd(() => rmSync(folder, { recursive: true, force: true }));
  let total = noCounts;
  try {
    const images = makeImages(folder, pause());
    for (const client of request.clients)
      // oxlint-disable-next-line no-await-in-loop -- two worlds at a time are enough for a machine
      total = addCounts(total, await runClient(client, request, folder, images));
  } finally {
    undo();
  }
  // a run of nothing has shown nothing
  if (total.passed + total.failed + total.skipped === 0) total = { ...noCounts, failed: 1 };
  say(countsLine(total));
  return total.failed === 0 ? 0 : 1;
}

function list(request: Request): void {
  for (const { name, is, cases } of request.clients) {
    say(`${name}: ${is}`);
    for (const one of cases.filter(request.isWanted)) say(`  ${one}`);
  }
}

const request = readRequest(process.argv.slice(2));
if (typeof request === 'string') {
  tell(`runt: ${request}`);
  process.exitCode = 1;
} else if (request.list) list(request);
else process.exitCode = await runAll(request);
