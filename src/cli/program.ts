/**
 * The command line from argv to exit status: finds the command's record, makes its request, calls the runtime, prints,
 * and logs the one error that ended it.
 *
 * Importing this file loads neither commander nor any command.
 */
import type { Advice } from '../base/error-hint.ts';
import { isRuntError, RuntError } from '../base/errors.ts';
import { renderError } from '../base/render-error.ts';
import { commandTable, isCommandName, isOwnWord, ownWords } from './command-table.ts';
import type { CommandName } from './command-table.ts';
import type { Arity, Command } from './command.ts';
import { endingOf, noSuchCommandStatus, usageStatus } from './exit-status.ts';
import type { Ending } from './exit-status.ts';
import { globalOptions, inheritedOptions } from './global-options.ts';
import { partInherited } from './go-spelling.ts';
import { commandHelp, entryHelp, programHelp } from './help.ts';
import type { CliHost } from './host.ts';
import { nearestCommand, parse } from './parse.ts';
import { versionLines } from './print.ts';
import { makeRuntime, openSession, plainLog, programName, reopened } from './session.ts';
import type { Session } from './session.ts';

/** `argv` without the program's own name. Resolves to the exit status; never rejects. */
export async function runCli(argv: readonly string[], host: CliHost): Promise<number> {
  let session: Session | undefined;
  try {
    const opened = await openSession(argv, host);
    ({ session } = opened);
    return await dispatch(session, opened.args);
  } catch (error) {
    const teller = session ?? { host, program: programName(host), log: plainLog(host) };
    return fail(teller, error, { ending: usageEnding, misread: {} });
  }
}

const usageEnding: Ending = { status: usageStatus, prefix: '' };

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
  given: Session,
  name: CommandName,
  words: readonly string[],
): Promise<number> {
  const command = await commandTable[name].load();
  const table = { ...command.options, help: globalOptions.help };
  const stops = command.stopsAtPositional ?? false;
  let session = given;
  try {
    const { inherited, rest } = partInherited(words, table, inheritedOptions, stops);
    session = await reopened(given, name, inherited);
    const parsed = await parse(rest, table, session.caller, stops);
    const { options } = parsed;
    const args = stops ? withoutDashes(parsed.args) : parsed.args;
    if (options.help) return printed(session.host, commandHelp(session.program, name, command));
    checkArity(session, name, command, args);
    return await invoke(session, name, command, { args, values: options });
  } catch (error) {
    return fail(session, error, { ending: usageEnding, misread: { verb: name } });
  } finally {
    // a command that fails is traced as well
    session.trace?.finish();
  }
}

/** `exec ID -- PROGRAM`: right behind the id, the word that ends options is not the program's. */
const withoutDashes = (args: readonly string[]): readonly string[] =>
  args[1] === '--' ? args.filter((_, index) => index !== 1) : args;

async function invoke(
  session: Session,
  name: CommandName,
  command: Command,
  { args, values }: Pick<Parameters<Command['invoke']>[0], 'args' | 'values'>,
): Promise<number> {
  const { host, program, caller } = session;
  session.trace?.enter(name);
  try {
    const { stdout, status } = await command.invoke({
      args,
      values,
      caller,
      makeRuntime: () => makeRuntime(session),
      write: host.stdout,
    });
    session.trace?.enter('print');
    if (stdout !== '') host.stdout(stdout);
    return status;
  } catch (error) {
    const ending = endingOf(name, program, error);
    return fail(session, error, { ending, near: await nearestId(session, error) });
  }
}

/** runc's words, which begin with argv[0]. */
function checkArity(
  { host, program }: Session,
  name: CommandName,
  command: Command,
  args: readonly string[],
): void {
  const wanted = wantedArguments(command.arity, args.length);
  if (wanted === undefined) return;
  host.stdout(`Incorrect Usage.\n\n${commandHelp(program, name, command)}`);
  const text = `${host.invokedAs}: "${name}" requires ${wanted} argument(s)`;
  throw new RuntError('usage', { text, helpWasShown: true });
}

function wantedArguments({ least, most }: Arity, found: number): string | undefined {
  if (found >= least && found <= most) return undefined;
  if (least === most) return `exactly ${least}`;
  return found < least ? `a minimum of ${least}` : `a maximum of ${most}`;
}

async function noSuchCommand(session: Session, word: string): Promise<number> {
  const words = [...Object.keys(commandTable), ...Object.keys(ownWords)];
  const meant = await nearestCommand(word, words);
  const error = new RuntError('usage', {
    text: `No help topic for '${word}'`,
    ...(meant !== undefined && { meant }),
  });
  return fail(session, error, {
    ending: { status: noSuchCommandStatus, prefix: '' },
    misread: {},
  });
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

function printed(host: CliHost, text: string): number {
  host.stdout(text);
  return 0;
}

interface Failed extends Pick<Advice, 'misread'> {
  readonly ending: Ending;
  readonly near?: string | undefined;
}

async function fail(
  { host, program, log, options }: Pick<Session, 'host' | 'program' | 'log'> & Partial<Session>,
  error: unknown,
  { ending, misread, near }: Failed,
): Promise<number> {
  // an error that is none of ours is a fault in the program: its place helps who mends it
  if (!(error instanceof RuntError) && error instanceof Error) log.debug(error.stack ?? '');
  const { hintOf } = await import('../base/error-hint.ts');
  const root = options?.root === undefined ? '' : ` --root ${options.root}`;
  const hint = hintOf(error, {
    command: (words) => `${program}${root} ${words}`,
    program,
    misread,
    isRoot: host.euid === 0,
    nearest: near,
  });
  log.fatal(ending.prefix + renderError(error), { plain: ending.plain, hint });
  return ending.status;
}
