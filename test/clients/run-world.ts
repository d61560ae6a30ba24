/**
 * Starts the surroundings of one client and one runtime, and hears what becomes of its cases.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { stretched } from '../support/patience.ts';
import { atEnd } from '../vm/at-end.ts';
import { cgroupsLeft } from './remains.ts';
import { lastCase, type Order, type Report } from './report.ts';

export interface WorldParts extends Pick<Order, 'client' | 'cases' | 'images' | 'runtime'> {
  /** A system's tree; undefined for this host's. */
  readonly tree: string | undefined;
  readonly keeper: string;
  /** Folders that the client must see where they are. */
  readonly shared: readonly [string, ...string[]];
  /** For people, while they wait. */
  readonly tell: (line: string) => void;
}

/** Seconds for all cases of a client. */
const limit = 600;

export async function runWorld(parts: WorldParts): Promise<Report[]> {
  const { client, cases, images, runtime, tell } = parts;
  // short: sockets' paths may have 107 characters
  const folder = mkdtempSync(join(tmpdir(), 'rc'));
  const name = basename(folder).toLowerCase();
  const undo = atEnd(() => rmdirSync(folder));
  const order: Order = { client, cases, name, folder, images, runtime };
  const reports: Report[] = [];
  const words = [
    // a network of its own, too: bridges and rules go with it
    '--mount',
    '--net',
    '--propagation',
    'private',
    join(import.meta.dirname, 'enter'),
    folder,
    parts.tree ?? '-',
    ...parts.shared,
    '--',
    parts.keeper,
    process.execPath,
    join(import.meta.dirname, 'world.ts'),
    JSON.stringify(order),
  ];
  const child = spawn('unshare', words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: surroundings(folder),
  });
  const kill = atEnd(() => child.kill('SIGTERM'));
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  createInterface(child.stdout).on('line', (line) => {
    const report: Report = JSON.parse(line);
    reports.push(report);
    tell(`${client} ${runtime.name}: ${report.outcome} ${report.name}`);
  });
  let late = false;
  const timer = setTimeout(
    () => {
      late = true;
      // what is frozen cannot be ended
      cgroupsLeft(name);
      kill();
    },
    stretched(limit * 1000),
  );
  const status = await new Promise<number | null>((resolve) => {
    child.once('close', resolve);
  });
  clearTimeout(timer);
  kill();
  undo();
  const faults = [
    ...(late ? [`did not end within ${limit} seconds`] : []),
    ...(status === 0 ? [] : [`ended with status ${status}: ${complaint.slice(-1000)}`]),
    // those that another view of the cgroups had in it were looked at inside
    ...cgroupsLeft(name),
  ];
  if (
    reports.some(({ outcome }) => outcome === 'failed' || outcome === 'broken') ||
    faults.length > 0
  ) {
    tell(complaint);
  }
  if (faults.length === 0) return reports;
  const others = reports.filter((report) => report.name !== lastCase);
  const reason = faults.join('\n');
  return [...others, { name: lastCase, outcome: 'broken', reason, seconds: 0 }];
}

/** Of the caller's environment only what is about the tests. */
function surroundings(folder: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([key]) => key.startsWith('RUNT_TEST_'));
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: folder,
    LANG: 'C.UTF-8',
    ...Object.fromEntries(own),
  };
}
