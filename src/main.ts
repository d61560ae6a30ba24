/**
 * The command line's entry: reads who called, runs the command, and is the only place that ends the process.
 */
import { readFileSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import { renderError } from './base/render-error.ts';
import { runCli } from './cli/program.ts';
import { composeRuntime } from './compose.ts';
import { type Caller, readCaller } from './kernel/caller.ts';
import { librunt } from './kernel/librunt.ts';

/** Without librunt the executable can neither read nor write: the engine's own console says so. */
function whoCalled(): Caller {
  try {
    return readCaller(process.env);
  } catch (error) {
    console.error(renderError(error));
    return process.exit(1);
  }
}

const caller = whoCalled();
/** The launcher notes its own start only for a command line that is traced. */
const readyAt = caller.startedAt === undefined ? undefined : librunt().clock();

/** A pipe may take less than all of it at once. */
function writeAll(descriptor: number, text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
}

/** user_namespaces(7): in the first one, uid_map is the identity of all ids. */
function inUserNamespace(): boolean {
  try {
    return !/^\s*0\s+0\s+4294967295\s*$/.test(readFileSync('/proc/self/uid_map', 'utf8'));
  } catch {
    return false;
  }
}

const status = await runCli(process.argv.slice(2), {
  invokedAs: caller.invokedAs,
  env: caller.env,
  euid: process.geteuid?.() ?? 0,
  cwd: () => process.cwd(),
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
    return openTrace(
      path,
      { ...(startedAt && { startedAt }), ...(readyAt && { readyAt }) },
      command,
    );
  },
  makeRuntime: (options) => composeRuntime({ ...options, caller, blocking: true }),
});
process.exit(status);
