/**
 * The ground that a client stands on: a folder, a name, the runtime under test, images, and commands that end.
 *
 * Everything here runs in the mount namespace that `enter` has made, below `keeper`: whatever is started, mounted or written is gone
 * afterwards. A command has a limit, and a case that hangs is told which commands it waited for.
 */
import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { stretched } from '../support/patience.ts';
import { stdioDescriptor } from '../support/stdio-descriptor.ts';
import type { Images } from './images.ts';

export interface Ground {
  /** Short, and nobody else's. Names of containers and of cgroups have to contain it: by it they are found when they are left. */
  readonly name: string;
  /** A new tmpfs, short enough for sockets' paths. */
  readonly folder: string;
  readonly runtime: { readonly name: 'runt' | 'runc'; readonly path: string };
  readonly images: Images;
  /** systemd is process 1. */
  readonly systemd: boolean;
  readonly cgroup: 'v1' | 'v2';
  /** To its end, whatever that is. */
  readonly run: (argv: readonly string[], options?: RunOptions) => Promise<Ended>;
  /** The same, and it must succeed. */
  readonly ok: (argv: readonly string[], options?: RunOptions) => Promise<Ended>;
  /** A command that goes on, until it is ended or ends by itself. */
  readonly daemon: (name: string, argv: readonly string[], options?: RunOptions) => Daemon;
  /** Asks again until the answer is something. */
  readonly until: <T>(what: string, ask: () => T | Promise<T>) => Promise<NonNullable<T>>;
  /** The commands that go on and belong to no daemon are killed; their names. */
  readonly interrupt: () => readonly string[];
  /** What the daemons have written, their last lines. */
  readonly lastWords: () => string;
}

export interface RunOptions {
  readonly input?: string;
  /** Beside the surroundings' own. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly seconds?: number;
  /** On a terminal; stdout is what appears there, stderr too. */
  readonly terminal?: boolean;
}

export interface Ended {
  /** 128 and the signal when one ended it. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Daemon {
  readonly pid: number;
  readonly log: () => string;
  /** Waits for its end. */
  readonly end: (signal?: NodeJS.Signals) => Promise<void>;
}

export interface GroundParts {
  readonly name: string;
  readonly folder: string;
  readonly runtime: Ground['runtime'];
  readonly images: Images;
}

const commandSeconds = 40;
const quoted = (word: string): string => `'${word.replaceAll("'", String.raw`'\''`)}'`;

export function makeGround(parts: GroundParts): Ground {
  const running = new Map<AbortController, string>();
  const logs = new Map<string, string>();
  let calls = 0;

  /** Through files, not pipes: a shim that stays would keep a pipe open, and us waiting. */
  async function run(argv: readonly string[], options: RunOptions = {}): Promise<Ended> {
    const text = argv.join(' ');
    const output = join(parts.folder, `.call${(calls += 1)}`);
    const words = options.terminal
      ? // script(1) gives a terminal, and the status of what runs there
        ['script', '--quiet', '--return', '--command', argv.map(quoted).join(' '), '/dev/null']
      : argv;
    const [file = '', ...rest] = words;
    const abort = new AbortController();
    running.set(abort, text);
    const [stdout, stderr] = [openSync(`${output}.out`, 'wx'), openSync(`${output}.err`, 'wx')];
    try {
      const ended = await execa(file, rest, {
        reject: false,
        cwd: options.cwd ?? parts.folder,
        env: { ...options.env },
        timeout: stretched((options.seconds ?? commandSeconds) * 1000),
        killSignal: 'SIGKILL',
        cancelSignal: abort.signal,
        ...(options.input !== undefined && { input: options.input }),
        stdio: [
          options.input === undefined ? 'ignore' : 'pipe',
          stdioDescriptor(stdout),
          stdioDescriptor(stderr),
        ],
      });
      const result = {
        status: ended.exitCode ?? (ended.signal ? 128 + constants.signals[ended.signal] : 127),
        stdout: readFileSync(`${output}.out`, 'utf8'),
        stderr: readFileSync(`${output}.err`, 'utf8'),
      };
      if (ended.timedOut) throw new Error(`took too long: ${text}\n${told(result)}`);
      if (ended.exitCode === undefined && ended.signal === undefined)
        return { ...result, stderr: `${result.stderr}${ended.shortMessage}` };
      return result;
    } finally {
      running.delete(abort);
      closeSync(stdout);
      closeSync(stderr);
    }
  }

  return {
    ...parts,
    systemd: existsSync('/run/systemd/system'),
    cgroup: existsSync('/sys/fs/cgroup/cgroup.controllers') ? 'v2' : 'v1',
    run,
    async ok(argv, options) {
      const ended = await run(argv, options);
      if (ended.status !== 0)
        throw new Error(`exit status ${ended.status} of: ${argv.join(' ')}\n${told(ended)}`);
      return ended;
    },
    daemon(name, argv, options = {}) {
      const log = join(parts.folder, `${name}.log`);
      const descriptor = openSync(log, 'a');
      writeSync(descriptor, `$ ${argv.join(' ')}\n`);
      const [file = '', ...rest] = argv;
      const child = execa(file, rest, {
        reject: false,
        cwd: options.cwd ?? parts.folder,
        env: { ...options.env },
        stdio: ['ignore', stdioDescriptor(descriptor), stdioDescriptor(descriptor)],
      });
      closeSync(descriptor);
      logs.set(name, log);
      return {
        pid: child.pid ?? 0,
        log: () => readFileSync(log, 'utf8'),
        async end(signal = 'SIGTERM') {
          child.kill(signal);
          const timer = setTimeout(() => child.kill('SIGKILL'), stretched(20_000));
          await child;
          clearTimeout(timer);
        },
      };
    },
    async until(what, ask) {
      const end = Date.now() + stretched(20_000);
      for (;;) {
        const answer = await ask();
        if (answer) return answer;
        if (Date.now() > end) throw new Error(`still waiting for ${what}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    interrupt() {
      const names = [...running.values()];
      for (const abort of running.keys()) abort.abort();
      return names;
    },
    lastWords: () =>
      [...logs]
        .map(([name, log]) => {
          const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
          return `${name} said last:\n${lines.slice(-8).join('\n')}`;
        })
        .join('\n'),
  };
}

const told = ({ stdout, stderr }: Ended): string =>
  [stderr.trimEnd().slice(-1500), stdout.trimEnd().slice(-500)].filter(Boolean).join('\n');
