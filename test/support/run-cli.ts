/**
 * Runs the command line against a recording runtime, and gathers everything that it did.
 */
import type { CliHost } from '../../src/cli/host.ts';
import { runCli } from '../../src/cli/program.ts';
import { logLine } from './log-line.ts';
import { recordingRuntime } from './recording-runtime.ts';
import type { Answers, Call } from './recording-runtime.ts';

export interface CliRun {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The `msg` of the only line on stderr, unquoted; empty when nothing was logged. */
  readonly message: string;
  /** Its `hint`; undefined where it has none. */
  readonly hint: string | undefined;
  readonly calls: readonly Call[];
  /** The root that the runtime was made with; undefined when none was made. */
  readonly root: string | undefined;
}

export async function cli(
  argv: readonly string[],
  answers: Answers = {},
  host: Partial<CliHost> = {},
): Promise<CliRun> {
  const { runtime, calls } = recordingRuntime(answers);
  let stdout = '';
  let stderr = '';
  let root: string | undefined;
  const status = await runCli(argv, {
    invokedAs: '/usr/local/bin/runt',
    env: {},
    euid: 0,
    cwd: () => '/cwd',
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    makeRuntime: (options) => {
      root = options.root;
      return runtime;
    },
    ...host,
  });
  return {
    status,
    stdout,
    stderr,
    ...(logLine(stderr.trimEnd()) ?? { message: stderr, hint: undefined }),
    calls,
    root,
  };
}
