/**
 * Runs a case against a runtime, and says how it went.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { deepEqual, equal, notEqual, ok } from 'node:assert/strict';
import { makeBundle, makeRootfs, probe } from './bundle.ts';
import type { Case, InsideCase, RefusedCase, World } from './case.ts';
import { parseReport, type Report } from './report.ts';
import { endCgroup, makeStage, type Stage } from './stage.ts';
import { stretched } from '../support/patience.ts';

export type Result =
  | { readonly is: 'pass' }
  | { readonly is: 'fail'; readonly why: string }
  | { readonly is: 'skip'; readonly why: string };

export const cgroupParent = '/runt-conformance';

/** runt's own words are only asked of runt, whatever its file is called. */
export const isRunt = (runtime: string): boolean => basename(runtime).startsWith('runt');

export interface Harness {
  readonly run: (one: Case, runtime: string) => Result;
  readonly end: () => void;
}

export function openHarness(): Harness {
  const folder = mkdtempSync(join(tmpdir(), 'runt-conformance-'));
  // the mapped root of a user namespace has to get at its rootfs
  chmodSync(folder, 0o755);
  let count = 0;
  return {
    run: (one, runtime) => {
      const reason = one.needs?.() ?? (one.own && !isRunt(runtime) ? 'asks runt alone' : undefined);
      if (reason !== undefined) return { is: 'skip', why: reason };
      count += 1;
      return runIn(join(folder, String(count)), one, runtime);
    },
    end: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function runIn(folder: string, one: Case, runtime: string): Result {
  const id = `case-${basename(folder)}-${process.pid}`;
  const bundle = join(folder, 'bundle');
  const world: World = {
    id,
    bundle,
    rootfs: join(bundle, 'rootfs'),
    outside: join(folder, 'outside'),
    cgroup: `${cgroupParent}/${id}`,
    runtime,
  };
  mkdirSync(bundle, { recursive: true });
  makeRootfs(world);
  const change = typeof one.change === 'function' ? one.change(world) : (one.change ?? {});
  const ask = one.kind === 'refused' ? [] : one.ask;
  const stage = makeStage(world, ask, change);
  try {
    one.prepare?.(world);
    makeBundle(world, ask, change);
    attempt(one, stage);
    return { is: 'pass' };
  } catch (error) {
    return verdict(error);
  } finally {
    if (stage.leftovers().length > 0) stage.remove('--force');
    endCgroup(world.cgroup);
    one.clean?.(world);
    unmountBelow(folder);
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** What a case has mounted for its container, the newest first. */
function unmountBelow(folder: string): void {
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  const places = lines.map((line) => line.split(' ')[4] ?? '');
  for (const place of places.filter((path) => path.startsWith(`${folder}/`)).toReversed())
    spawnSync('umount', ['-l', place]);
}

function verdict(error: unknown): Result {
  const why = error instanceof Error ? error.message.trim().replaceAll(/\s+/g, ' ') : String(error);
  return { is: 'fail', why: why.slice(0, 300) };
}

function attempt(one: Case, stage: Stage): void {
  switch (one.kind) {
    case 'inside':
      return runInside(one, stage);
    case 'refused':
      return runRefused(one, stage);
    case 'life':
      return one.live(stage);
  }
}

function runInside(one: InsideCase, stage: Stage): void {
  const { world } = stage;
  const words = ['run', '--bundle', world.bundle, world.id];
  const answer = one.terminal ? onTerminal(stage, words) : stage.run(...words);
  const text = answer.stdout;
  if (!text.includes('{'))
    throw new Error(`the container did not run (${answer.status}): ${answer.stderr}`);
  const { stderr, status } = answer;
  one.check({ world, report: parseReport(text), host: hostReport(), stderr, status });
}

/** script(1) lends a terminal. */
function onTerminal({ world }: Stage, words: readonly string[]): ReturnType<Stage['run']> {
  const root = join(world.outside, '../root');
  const command = [world.runtime, '--root', root, ...words].join(' ');
  const { status, stdout, stderr } = spawnSync('script', ['-qec', command, '/dev/null'], {
    encoding: 'utf8',
    timeout: stretched(20_000),
    killSignal: 'SIGKILL',
  });
  // script passes the end of its own input on, which the terminal echoes
  return { status, stdout: stdout.replaceAll(/\^[@D][\b]*/g, ''), stderr };
}

function runRefused(one: RefusedCase, stage: Stage): void {
  const { world } = stage;
  const answer = stage.create();
  const own = isRunt(world.runtime);
  notEqual(answer.status, 0, 'create succeeded');
  equal(stage.state(), undefined, 'a container was left');
  deepEqual(stage.leftovers(), [], 'something was left');
  if (!own) return;
  equal(answer.status, 1, `exit status: ${answer.stderr}`);
  if (one.message !== undefined)
    ok(answer.stderr.includes(one.message), `${answer.stderr} lacks "${one.message}"`);
  if (one.finding === undefined) return;
  const { status, stdout } = stage.run('validate', '--format', 'json', world.bundle);
  equal(status, 1, 'validate found nothing');
  const findings: { code: string; pointer: string }[] = JSON.parse(stdout);
  const places = findings.map(({ code, pointer }) => `${code} ${pointer}`);
  const { code, pointer } = one.finding;
  ok(places.includes(`${code} ${pointer}`), `${code} ${pointer} is not in ${places.join(', ')}`);
}

let remembered: Report | undefined;

function hostReport(): Report {
  remembered ??= parseReport(spawnSync(probe, [], { encoding: 'utf8' }).stdout);
  return remembered;
}
