/**
 * The command line's entry: reads who called, runs the command, and is the only place that ends the process.
 */
import { basename } from 'node:path';
import { runCli } from './cli/program.ts';
import { composeRuntime } from './compose.ts';
import { readCaller } from './kernel/caller.ts';
import { librunt } from './kernel/librunt.ts';
import { inUserNamespace } from './kernel/user-namespace.ts';
import { writeAll } from './kernel/write-all.ts';

const caller = readCaller(process.env, Reflect.get(process, 'callerRecord'));
/** The executable notes its own start only for a command line that is traced. */
const readyAt = caller.startedAt === undefined ? undefined : librunt().clock();

const status = await runCli(process.argv.slice(2), {
  invokedAs: caller.invokedAs,
  env: caller.env,
  euid: process.geteuid?.() ?? 0,
  cwd: caller.cwd,
  inUserNamespace,
  stdoutIsTerminal: () => librunt().isTerminal(1) >= 0,
  stdout: (text) => writeAll(1, text),
  stderr: (text) => writeAll(2, text),
  openSink: async ({ kind, identity }) => {
    const { openLogSocket } = await import('./kernel/log-socket.ts');
    return openLogSocket(kind, identity, basename(caller.invokedAs) || 'runt');
  },
  openTrace: async (path, command) => {
    const { openTrace } = await import('./kernel/trace.ts');
    const { startedAt } = caller;
    const beginnings = { ...(startedAt && { startedAt }), ...(readyAt && { readyAt }) };
    return openTrace(path, beginnings, command);
  },
  makeRuntime: (options) => composeRuntime({ ...options, caller }),
});
process.exit(status);
