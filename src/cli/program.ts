/**
 * The command line from argv to exit status: reads the global options, finds the command's record,
 * makes its request, calls the runtime, prints, and logs the one error that ended it.
 *
 * Importing this file loads neither commander nor any command.
 */
import { isRuntError, RuntError } from '../base/errors.ts';
import { openLog } from '../base/log.ts';
import type { CommandLog } from '../base/log.ts';
import type { TraceFile } from '../base/trace.ts';
import { renderError } from '../base/render-error.ts';
import { absolutePath } from './absolute-path.ts';
import type { Caller } from './caller.ts';
import { commandTable, isCommandName, isOwnWord, ownWords } from './command-table.ts';
import type { CommandName } from './command-table.ts';
import type { Arity, Command } from './command.ts';
import { endingOf, noSuchCommandStatus, usageStatus } from './exit-status.ts';
import type { Ending } from './exit-status.ts';
import { globalOptions, managerOf, rootFolder } from './global-options.ts';
import type { GlobalOptions } from './global-options.ts';
import { commandHelp, entryHelp, programHelp } from './help.ts';
import type { CliHost } from './host.ts';
import type { LogTarget } from './log-target.ts';
import { didYouMean, parse } from './parse.ts';
import { versionLines } from './print.ts';

/** One run of the program: what every step below needs. */
interface Session {
  readonly host: CliHost;
  readonly program: string;
  readonly options: GlobalOptions;
  readonly caller: Caller;
  readonly log: CommandLog;
  readonly trace?: TraceFile;
}

/** `argv` without the program's own name. Resolves to the exit status; never rejects. */
export async function runCli(argv: readonly string[], host: CliHost): Promise<number> {
  const log = openLog({ format: 'text', debug: false, stderr: host.stderr });
  let opened: { session: Session; args: readonly string[] } | undefined;
  try {
    opened = await openSession(argv, host, log);
    return await tracedDispatch(opened.session, opened.args);
  } catch (error) {
    const advisable = opened?.session ?? { host, program: programName(host) };
    return fail(advisable, opened?.session.log ?? log, error, {
      ending: { status: usageStatus, prefix: '' },
      verb: opened?.args.find(isCommandName),
    });
  }
}

/** A command that fails is traced as well. */
async function tracedDispatch(session: Session, args: readonly string[]): Promise<number> {
  try {
    return await dispatch(session, args);
  } finally {
    session.trace?.finish();
  }
}

async function openSession(
  argv: readonly string[],
  host: CliHost,
  plainLog: CommandLog,
): Promise<{ session: Session; args: readonly string[] }> {
  const absolute = (path: string) => absolutePath(path, host.cwd);
  const program = programName(host);
  const noColour = (host.env['NO_COLOR'] ?? '') !== '' || host.env['TERM'] === 'dumb';
  const wantsColour = () => !noColour && host.stdoutIsTerminal?.() === true;
  const early: Caller = { absolute, rootMayBeAbsent: false, wantsColour };
  const { args, options } = await parse(argv, globalOptions, early, true);
  const { log: target, root } = options;
  const asksForText = options.help || options.version || args.length === 0 || args[0] === 'help';
  // who only asks for help has no log file made
  const log = asksForText ? plainLog : await openTarget(target, options, host);
  const caller = { absolute, rootMayBeAbsent: root === undefined, wantsColour };
  const trace =
    options.trace &&
    (await host.openTrace?.(options.trace, `${program} ${args[0] ?? ''}`.trimEnd()));
  return { session: { host, program, options, caller, log, ...(trace && { trace }) }, args };
}

const programName = ({ invokedAs }: CliHost): string =>
  invokedAs.slice(invokedAs.lastIndexOf('/') + 1) || 'runt';

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

async function dispatch(session: Session, args: readonly string[]): Promise<number> {
  const { host, program, options } = session;
  const [word = 'help', ...rest] = args;
  if (options.help) return printed(host, programHelp(program));
  if (options.version) {
    const report = await makeRuntime(session).version();
    return printed(host, versionLines(program, report));
  }
  if (word === 'help' || word === 'h') return help(session, rest[0]);
  if (word === 'completion') return completion(session, rest);
  return isCommandName(word) ? runCommand(session, word, rest) : noSuchCommand(session, word);
}

async function help(session: Session, word: string | undefined): Promise<number> {
  const { host, program } = session;
  if (word === undefined) return printed(host, programHelp(program));
  if (isOwnWord(word)) return wordHelp(session, word);
  if (!isCommandName(word)) return noSuchCommand(session, word);
  return printed(host, commandHelp(program, word, await commandTable[word].load()));
}

/** No verb: it speaks of all of them, and is loaded with all their records. */
async function completion(session: Session, words: readonly string[]): Promise<number> {
  const { host, program } = session;
  const { isShell, shells } = await import('./reference.ts');
  const [shell = ''] = words;
  if (words.includes('-h') || words.includes('--help')) return wordHelp(session, 'completion');
  if (words.length === 1 && isShell(shell)) {
    const { completionScript } = await import('./completion.ts');
    return printed(host, await completionScript(shell, program));
  }
  throw new RuntError('usage', { text: `completion takes one shell: ${shells.join(', ')}` });
}

async function wordHelp(session: Session, word: string): Promise<number> {
  const { host, program } = session;
  const { loadReference } = await import('./reference.ts');
  const entry = (await loadReference()).commands.find(({ name }) => name === word);
  return entry === undefined
    ? noSuchCommand(session, word)
    : printed(host, entryHelp(program, entry));
}

async function runCommand(
  session: Session,
  name: CommandName,
  words: readonly string[],
): Promise<number> {
  const { host, program, caller, log } = session;
  const command = await commandTable[name].load();
  const table = { ...command.options, help: globalOptions.help };
  const stops = command.stopsAtPositional ?? false;
  const { args, options } = await parse(words, table, caller, stops);
  if (options.help) return printed(host, commandHelp(program, name, command));
  checkArity(session, name, command, args);
  try {
    const call = {
      args,
      values: options,
      caller,
      makeRuntime: () => makeRuntime(session),
      write: host.stdout,
    };
    session.trace?.enter(name);
    const { stdout, status } = await command.invoke(call);
    session.trace?.enter('print');
    if (stdout !== '') host.stdout(stdout);
    return status;
  } catch (error) {
    const ending = endingOf(name, program, error);
    const near = await nearestId(session, error);
    return fail(session, log, error, { ending, verb: name, near });
  }
}

function checkArity(
  { host, program }: Session,
  name: CommandName,
  command: Command,
  args: readonly string[],
): void {
  const wanted = wantedArguments(command.arity, args.length);
  if (wanted === undefined) return;
  host.stdout(`Incorrect Usage.\n\n${commandHelp(program, name, command)}`);
  const text = `${program}: "${name}" requires ${wanted} argument(s)`;
  throw new RuntError('usage', { text, helpWasShown: true });
}

function wantedArguments({ least, most }: Arity, found: number): string | undefined {
  if (found >= least && found <= most) return undefined;
  if (least === most) return `exactly ${least}`;
  return found < least ? `a minimum of ${least}` : `a maximum of ${most}`;
}

async function noSuchCommand({ log, program }: Session, word: string): Promise<number> {
  const meant = await didYouMean(word, [...Object.keys(commandTable), ...Object.keys(ownWords)]);
  const hint = meant === '' ? `see ${program} help` : undefined;
  log.fatal(`No help topic for '${word}'${meant}`, { hint });
  return noSuchCommandStatus;
}

/** Which container may have been meant. */
async function nearestId(session: Session, error: unknown): Promise<string | undefined> {
  if (!isRuntError(error, 'container-missing')) return undefined;
  try {
    const { nearest } = await import('./nearest.ts');
    return nearest(error.facts.id, await makeRuntime(session).listIds(true));
  } catch {
    // whatever keeps the ids from us, the error is the one that there was
    return undefined;
  }
}

function makeRuntime({
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

function printed(host: CliHost, text: string): number {
  host.stdout(text);
  return 0;
}

interface Failed {
  readonly ending: Ending;
  readonly verb: string | undefined;
  readonly near?: string | undefined;
}

async function fail(
  { host, program, options }: Pick<Session, 'host' | 'program'> & Partial<Session>,
  log: CommandLog,
  error: unknown,
  { ending, verb, near }: Failed,
): Promise<number> {
  // an error that is none of ours is a fault in the program: its place helps who mends it
  if (!(error instanceof RuntError) && error instanceof Error) log.debug(error.stack ?? '');
  const { hintOf } = await import('../base/error-hint.ts');
  const root = options?.root === undefined ? '' : ` --root ${options.root}`;
  const hint = hintOf(error, {
    command: (words) => `${program}${root} ${words}`,
    verb,
    isRoot: host.euid === 0,
    nearest: near,
  });
  log.fatal(ending.prefix + renderError(error), { plain: ending.plain, hint });
  return ending.status;
}
