/**
 * The stage of an end-to-end case: a root, bundles and ids of its own, and the look round at the end.
 */
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect } from 'vitest';
import { type Change, makeConfig, makeRootfs, writeConfig } from './bundle-builder.ts';
import { clearLeftovers, leftovers } from './leftovers.ts';
import { logLine, type LogLine } from './log-line.ts';
import { stretched } from './patience.ts';
import { missing, mustRun, type RuntimeUnderTest } from './runtimes.ts';
import { stdioDescriptor } from './stdio-descriptor.ts';

export interface Ended extends LogLine {
  /** 128 and the signal when one ended it. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  /** `message` and `hint` are those of the last log line on stderr; without one, all of stderr is the message. */
  /** Where stdout goes: a container that is still there writes on. */
  readonly stdoutFile: string;
}

export interface CallOptions {
  readonly cwd?: string;
  readonly env?: Record<string, string>;
  /** Text for standard input; otherwise /dev/null. */
  readonly input?: string;
  /** Words before the runtime's own: `['nohup']`, `['sh', '-c', 'ulimit -Sn 9; exec "$@"', 'sh']`. */
  readonly through?: readonly string[];
  /** Words in place of `--root ROOT`. */
  readonly global?: readonly string[];
  /** Descriptors 3 and up. */
  readonly descriptors?: readonly number[];
  readonly milliseconds?: number;
}

/** A call that goes on. */
export interface Begun {
  /** What it has printed until now. */
  printed(): string;
  readonly ended: Promise<Ended>;
}

export interface Stage {
  /** Carried by all that the case makes. */
  readonly name: string;
  readonly folder: string;
  readonly root: string;
  readonly runtime: RuntimeUnderTest;
  /** A container's id that nobody else has. */
  id(): string;
  /** A bundle with a root of busybox. */
  bundle(...changes: readonly Change[]): string;
  /** `runtime --root ROOT WORDS…`, for a case that does something meanwhile. */
  begin(words: readonly string[], options?: CallOptions): Begun;
  /** `runtime --root ROOT WORDS…`, to its end; whatever its end is. */
  call(words: readonly string[], options?: CallOptions): Promise<Ended>;
  /** The same, and it must succeed. */
  ok(words: readonly string[], options?: CallOptions): Promise<Ended>;
  /** A new bundle in a foreground container, to its end. */
  run(...changes: readonly Change[]): Promise<Ended>;
  /** What `run` prints, one string for each line; it must exit with 0. */
  lines(...changes: readonly Change[]): Promise<string[]>;
  /** A detached container of a new bundle. */
  detached(...changes: readonly Change[]): Promise<{ id: string; bundle: string; ended: Ended }>;
  state(id: string): Promise<Record<string, unknown>>;
  remove(...ids: readonly string[]): Promise<void>;
}

/** To be called in a `describe`: each of its cases gets a stage of its own, and must leave nothing. */
export function useStage(runtime: RuntimeUnderTest): Stage {
  let current: Stage | undefined;
  beforeEach((context) => {
    const lacking = missing();
    if (lacking !== undefined && mustRun) throw new Error(lacking);
    if (lacking !== undefined) context.skip(lacking);
    current = makeStage(runtime);
  });
  afterEach(({ task }) => {
    if (current === undefined) return;
    const { name, root } = current;
    current = undefined;
    const left = leftovers(name, root);
    clearLeftovers(name);
    // with the stages that the case made beside its own, for runc
    for (const path of folders.splice(0)) rmSync(path, { recursive: true, force: true });
    // a case that failed half-way has not come to its own clearing up
    if (task.result?.state !== 'fail') expect(left, 'left behind').toEqual([]);
  });
  return new Proxy({} as Stage, {
    get: (_target, key) => Reflect.get(current ?? {}, key) as unknown,
  });
}

let ids = 0;

/** To be removed after the case. */
const folders: string[] = [];

export function makeStage(runtime: RuntimeUnderTest): Stage {
  const folder = mkdtempSync(join(tmpdir(), `e2e-${process.pid}-`));
  // a container's mapped root has to reach its rootfs
  chmodSync(folder, 0o755);
  const name = basename(folder);
  folders.push(folder);
  const root = join(folder, 'root');
  let bundles = 0;
  let calls = 0;

  const stage: Stage = {
    name,
    folder,
    root,
    runtime,
    id: () => `${name}-${(ids += 1)}`,
    bundle(...changes) {
      const bundle = join(folder, `bundle${(bundles += 1)}`);
      mkdirSync(bundle);
      makeRootfs(join(bundle, 'rootfs'));
      writeConfig(bundle, makeConfig(...changes));
      return bundle;
    },
    begin(words, options = {}) {
      const output = join(folder, `output${(calls += 1)}`);
      const global = options.global ?? ['--root', root];
      const before = [...(options.through ?? []), ...(runtime.through ?? [])];
      const argv = [...before, runtime.path, ...global, ...words];
      return {
        printed: () => readFileSync(`${output}.out`, 'utf8'),
        ended: callWith(argv, output, folder, options),
      };
    },
    call: (words, options) => stage.begin(words, options).ended,
    async ok(words, options) {
      const ended = await stage.call(words, options);
      // what it said belongs to the failure: nobody sees it otherwise
      expect(ended, `${words.join(' ')}\n${ended.stderr}`).toMatchObject({ status: 0 });
      return ended;
    },
    run: (...changes) => stage.call(['run', '-b', stage.bundle(...changes), stage.id()]),
    async lines(...changes) {
      const ended = await stage.run(...changes);
      expect(ended).toMatchObject({ status: 0, stderr: '' });
      return ended.stdout.split('\n').slice(0, -1);
    },
    async detached(...changes) {
      const id = stage.id();
      const bundle = stage.bundle(...changes);
      const ended = await stage.ok(['run', '--detach', '-b', bundle, id]);
      return { id, bundle, ended };
    },
    async state(id) {
      const { stdout } = await stage.ok(['state', id]);
      return JSON.parse(stdout) as Record<string, unknown>;
    },
    async remove(...all) {
      for (const id of all) await stage.ok(['delete', '--force', id]);
    },
  };
  return stage;
}

/** Through files, not pipes: a container that stays would keep a pipe open, and us waiting. */
async function callWith(
  argv: readonly string[],
  output: string,
  cwd: string,
  options: CallOptions,
): Promise<Ended> {
  const stdoutFile = `${output}.out`;
  const stdout = openSync(stdoutFile, 'wx');
  const stderr = openSync(`${output}.err`, 'wx');
  const [file = '', ...rest] = argv;
  try {
    const ended = await execa(file, rest, {
      reject: false,
      cwd: options.cwd ?? cwd,
      timeout: stretched(options.milliseconds ?? 30_000),
      killSignal: 'SIGKILL',
      env: options.env ?? {},
      ...(options.input !== undefined && { input: options.input }),
      stdio: [
        options.input === undefined ? 'ignore' : 'pipe',
        stdioDescriptor(stdout),
        stdioDescriptor(stderr),
        ...(options.descriptors ?? []).map(stdioDescriptor),
      ],
    });
    if (ended.timedOut) throw new Error(`took too long: ${argv.join(' ')}`);
    const text = readFileSync(`${output}.err`, 'utf8');
    return {
      status: ended.exitCode ?? (ended.signal ? 128 + constants.signals[ended.signal] : -1),
      stdout: readFileSync(stdoutFile, 'utf8'),
      stderr: text,
      ...lastLine(text),
      stdoutFile,
    };
  } finally {
    closeSync(stdout);
    closeSync(stderr);
  }
}

function lastLine(stderr: string): LogLine {
  const lines = stderr.split('\n').filter((line) => line.startsWith('time="'));
  return logLine(lines.at(-1) ?? '') ?? { message: stderr, hint: undefined };
}

/** Asks again until the answer is something, for five seconds. */
export async function until<T>(ask: () => T | Promise<T>, what = 'it'): Promise<NonNullable<T>> {
  const end = Date.now() + stretched(5000);
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`still waiting for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
