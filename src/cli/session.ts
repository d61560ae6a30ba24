/**
 * One run of the program: its name, its global options, its caller and its log, and the runtime that they make.
 *
 * Global options stand before the command or behind it, so a session is opened with the first and opened again where
 * there are others.
 */
import { openLog } from '../base/log.ts';
import type { CommandLog } from '../base/log.ts';
import type { TraceFile } from '../base/trace.ts';
import { absolutePath } from './absolute-path.ts';
import type { Caller } from './caller.ts';
import { globalOptions, managerOf, rootFolder } from './global-options.ts';
import type { GlobalOptions } from './global-options.ts';
import type { CliHost } from './host.ts';
import type { LogTarget } from './log-target.ts';
import { parse } from './parse.ts';

export interface Session {
  readonly host: CliHost;
  /** What it was called by, without the folder. */
  readonly program: string;
  /** The global options as they were written. */
  readonly words: readonly string[];
  readonly options: GlobalOptions;
  readonly caller: Caller;
  readonly log: CommandLog;
  readonly trace?: TraceFile;
}

export const programName = ({ invokedAs }: CliHost): string =>
  invokedAs.slice(invokedAs.lastIndexOf('/') + 1) || 'runt';

/** To stderr, before anybody has said otherwise. */
export const plainLog = ({ stderr }: CliHost): CommandLog =>
  openLog({ format: 'text', debug: false, stderr });

/** `args` begins with the command. */
export async function openSession(
  argv: readonly string[],
  host: CliHost,
): Promise<{ readonly session: Session; readonly args: readonly string[] }> {
  const { args, options } = await parse(argv, globalOptions, callerOf(host), true);
  const words = argv.slice(0, argv.length - args.length).filter((word) => word !== '--');
  const asksForText = options.help || options.version || args.length === 0 || args[0] === 'help';
  // who only asks for help has no log file made
  const log = asksForText ? plainLog(host) : await openTarget(options.log, options, host);
  return { session: await sessionOf(host, words, options, log, args[0]), args };
}

/** With the global options that stand behind the command; they win. */
export async function reopened(
  session: Session,
  command: string,
  inherited: readonly string[],
): Promise<Session> {
  if (inherited.length === 0) return session;
  const { host } = session;
  const words = [...session.words, ...inherited];
  const { options } = await parse(words, globalOptions, callerOf(host), true);
  const log = await openTarget(options.log, options, host);
  return sessionOf(host, words, options, log, command, session.trace);
}

export function makeRuntime({
  host,
  options,
  log,
  program,
  trace,
}: Session): ReturnType<CliHost['makeRuntime']> {
  return host.makeRuntime({
    root: rootFolder(options.root, program, host),
    log,
    cgroupManager: managerOf(options),
    rootless: options.rootless,
    // tools look for the units of runc
    unitPrefix: program === 'runc' ? 'runc' : 'runt',
    ...(trace && { trace }),
  });
}

async function sessionOf(
  host: CliHost,
  words: readonly string[],
  options: GlobalOptions,
  log: CommandLog,
  command = '',
  underWay?: TraceFile,
): Promise<Session> {
  const program = programName(host);
  const caller = { ...callerOf(host), rootMayBeAbsent: options.root === undefined };
  const begin = async (path: string) => host.openTrace?.(path, `${program} ${command}`.trimEnd());
  const trace = underWay ?? (options.trace && (await begin(options.trace)));
  return { host, program, words, options, caller, log, ...(trace && { trace }) };
}

function callerOf(host: CliHost): Caller {
  const noColour = (host.env['NO_COLOR'] ?? '') !== '' || host.env['TERM'] === 'dumb';
  return {
    absolute: (path) => absolutePath(path, host.cwd),
    program: programName(host),
    rootMayBeAbsent: false,
    wantsColour: () => !noColour && host.stdoutIsTerminal?.() === true,
  };
}

async function openTarget(
  target: LogTarget | undefined,
  { debug, logFormat: format }: GlobalOptions,
  host: CliHost,
): Promise<CommandLog> {
  const plain = { debug, format, stderr: host.stderr };
  if (target === undefined) return openLog(plain);
  if (target.kind === 'file') return openLog({ ...plain, file: target.path });
  const sink = await host.openSink?.(target);
  return openLog({ ...plain, ...(sink && { sink }) });
}
