/**
 * The one place that uses commander: a table of options and some words in, values and operands out.
 *
 * Commander is loaded when a word needs it: see plain-words.ts. It checks no argument count, prints nothing and ends no
 * process here: its refusals come out as `usage` errors of one line.
 */
import type { Command } from 'commander';
import { RuntError } from '../base/errors.ts';
import type { ErrorFacts } from '../base/errors.ts';
import type { Caller } from './caller.ts';
import { usualSpelling } from './go-spelling.ts';
import { longName } from './option.ts';
import type { OptionTable, OptionValues } from './option.ts';
import { readPlainWords } from './plain-words.ts';

export interface Parsed<O extends OptionTable> {
  readonly args: readonly string[];
  readonly options: OptionValues<O>;
}

export async function parse<O extends OptionTable>(
  words: readonly string[],
  table: O,
  caller: Caller,
  stopsAtPositional: boolean,
): Promise<Parsed<O>> {
  const spelled = usualSpelling(words, table, stopsAtPositional);
  const plain = readPlainWords(spelled, table, caller, stopsAtPositional);
  if (plain !== undefined) return plain;
  const parser = await silentParser();
  await addOptions(parser, table);
  parser.passThroughOptions(stopsAtPositional);
  parseOrRefuse(parser, spelled);
  readValues(parser, table, caller);
  return { args: parser.args, options: parser.opts<OptionValues<O>>() };
}

/** What commander would suggest for a command's name that does not exist. */
export async function nearestCommand(
  word: string,
  names: readonly string[],
): Promise<string | undefined> {
  const parser = await silentParser();
  for (const name of names) parser.command(name);
  try {
    parser.parse([word], { from: 'user' });
  } catch (error) {
    const [, suggestion] = error instanceof Error ? error.message.split('\n') : [];
    return /^\(Did you mean (.*)\?\)$/.exec(suggestion ?? '')?.[1];
  }
  return undefined;
}

async function silentParser(): Promise<Command> {
  const { Command: Parser } = await import('commander');
  return new Parser()
    .helpOption(false)
    .allowExcessArguments()
    .exitOverride()
    .configureOutput({ writeOut: () => {}, writeErr: () => {} });
}

async function addOptions(parser: Command, table: OptionTable): Promise<void> {
  const { Option } = await import('commander');
  for (const [key, { short, value, about, hidden }] of Object.entries(table)) {
    const names = `${short === undefined ? '' : `-${short}, `}--${longName(key)}`;
    const added = new Option(value === undefined ? names : `${names} <${value}>`, about);
    // to commander `--no-pivot` is the negation of a `--pivot`; to runc it is a name
    added.negate = false;
    added.hideHelp(hidden === true);
    if (value === undefined) {
      added.default(false);
    } else {
      added.default([]).argParser((word, before: readonly string[]) => [...before, word]);
    }
    parser.addOption(added);
  }
}

/** Puts the typed value in the place of the words. Commander itself would make '' of an undefined value. */
function readValues(parser: Command, table: OptionTable, caller: Caller): void {
  for (const [key, option] of Object.entries(table)) {
    const words: unknown = parser.getOptionValue(key);
    if (!Array.isArray(words)) continue;
    const read = (before: unknown, word: unknown) => option.read(String(word), caller, before);
    parser.setOptionValue(key, words.reduce(read, option.initial));
  }
}

function parseOrRefuse(parser: Command, words: readonly string[]): void {
  try {
    parser.parse(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof Error) || !('exitCode' in error)) throw error;
    throw new RuntError('usage', inGoWords(error.message), { cause: error });
  }
}

/** Go's two sentences about flags: podman looks for them to learn whether a flag exists. */
function inGoWords(message: string): ErrorFacts['usage'] {
  const [sentence = '', more = ''] = message.replace(/^error: /, '').split('\n');
  const [, unknown] = /^unknown option '-*(.*)'$/.exec(sentence) ?? [];
  const [, meant] = /^\(Did you mean (.*)\?\)$/.exec(more) ?? [];
  if (unknown !== undefined)
    return { text: `flag provided but not defined: -${unknown}`, ...(meant && { meant }) };
  const [, lacking] = /(--[\w-]+)[^-]* argument missing$/.exec(sentence) ?? [];
  return { text: lacking === undefined ? sentence : `flag needs an argument: ${lacking}` };
}
