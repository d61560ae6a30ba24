/**
 * Drives one container of one runtime through its commands, from outside, as any caller does.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeConfig } from './bundle.ts';
import type { Change, World } from './case.ts';
import { parseReport, type Report } from './report.ts';
import { stretched } from '../support/patience.ts';

export interface Answer {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The output of `state`, as far as the specification says what it is. */
export interface State {
  readonly ociVersion: string;
  readonly id: string;
  readonly status: string;
  readonly pid?: number;
  readonly bundle: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface Stage {
  readonly world: World;
  /** Any command: `run('kill', id, 'TERM')`. Its output goes to files, since a container inherits it. */
  readonly run: (...words: readonly string[]) => Answer;
  readonly create: () => Answer;
  readonly start: () => Answer;
  readonly kill: (signal: string) => Answer;
  readonly remove: (...options: readonly string[]) => Answer;
  /** undefined when the runtime knows no such container. */
  readonly state: () => State | undefined;
  /** Waits for it to be seen in a status; says whether it was. */
  readonly reaches: (status: string) => boolean;
  /** What the container's program has said until now. */
  readonly report: () => Report;
  readonly said: () => string;
  readonly rewrite: (change: Change) => void;
  readonly leftovers: () => string[];
}

const longestCommand = stretched(20_000);

export function makeStage(world: World, ask: readonly string[], change: Change): Stage {
  const root = join(world.outside, '../root');
  const output = (name: string): string => join(world.outside, `../${name}`);
  let created = 0;
  mkdirSync(root, { recursive: true, mode: 0o700 });

  const runInto = (file: string, words: readonly string[]): Answer => {
    const files = ['stdout', 'stderr'].map((name) => `${output(file)}.${name}`);
    const opened = files.map((path) => openSync(path, 'w'));
    const { status } = spawnSync(world.runtime, ['--root', root, ...words], {
      stdio: ['ignore', ...opened],
      timeout: longestCommand,
      killSignal: 'SIGKILL',
    });
    for (const descriptor of opened) closeSync(descriptor);
    const [stdout = '', stderr = ''] = files.map((path) => readFileSync(path, 'utf8'));
    return { status, stdout, stderr };
  };
  const run = (...words: readonly string[]): Answer => runInto('command', words);
  const said = (): string => readFileSync(`${output(`create-${created}`)}.stdout`, 'utf8');
  const state = (): State | undefined => {
    const { status, stdout } = run('state', world.id);
    return status === 0 ? JSON.parse(stdout) : undefined;
  };

  return {
    world,
    run,
    said,
    state,
    create: () => {
      created += 1;
      return runInto(`create-${created}`, ['create', '--bundle', world.bundle, world.id]);
    },
    start: () => run('start', world.id),
    kill: (signal) => run('kill', world.id, signal),
    remove: (...options) => run('delete', ...options, world.id),
    reaches: (status) => eventually(() => state()?.status === status),
    report: () => parseReport(said()),
    rewrite: (more) => writeConfig(world, ask, { ...change, ...more }),
    leftovers: () => [
      ...readdirSync(root).filter((name) => name === world.id),
      ...cgroupsOf(world.cgroup),
    ],
  };
}

export function eventually(holds: () => boolean, longest = 5000): boolean {
  const end = Date.now() + stretched(longest);
  while (!holds()) {
    if (Date.now() > end) return false;
    pause(20);
  }
  return true;
}

function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** Folders of the cgroup in whatever hierarchies there are. */
function cgroupsOf(cgroup: string): string[] {
  const base = '/sys/fs/cgroup';
  // the links are further names of joined controllers
  const hierarchies = readdirSync(base, { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  return ['', ...hierarchies.map((entry) => entry.name)]
    .map((hierarchy) => join(base, hierarchy, cgroup))
    .filter((path) => existsSync(path));
}

/** Ends what a runtime has left there, and removes the folders. */
export function endCgroup(cgroup: string): void {
  for (const path of cgroupsOf(cgroup)) {
    for (const pid of processesOf(path)) spawnSync('kill', ['-KILL', pid]);
    eventually(() => spawnSync('rmdir', [path]).status === 0, 1000);
  }
}

function processesOf(path: string): string[] {
  return readFileSync(join(path, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean);
}
