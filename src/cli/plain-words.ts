/**
 * The common command line without commander: every word is a known option in its usual spelling, or an operand.
 *
 * Loading commander and its first parse take a tenth of a `run`. Whatever needs a decision or a refusal (an unknown
 * option, a missing value, `--`) is left to it.
 */
import type { Caller } from './caller.ts';
import { keyOf, type Option, type OptionTable, type OptionValues } from './option.ts';

export interface PlainWords<O extends OptionTable> {
  readonly args: readonly string[];
  readonly options: OptionValues<O>;
}

/** `words` are as `usualSpelling` leaves them. undefined: commander has the word. */
export function readPlainWords<O extends OptionTable>(
  words: readonly string[],
  table: O,
  caller: Caller,
  stopsAtPositional: boolean,
): PlainWords<O> | undefined {
  const options: Record<string, unknown> = {};
  for (const [key, option] of Object.entries(table)) options[key] = option.initial;
  const args: string[] = [];
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? '';
    if (!word.startsWith('-') || word === '-') {
      if (stopsAtPositional)
        return isComplete(options, table) ? { args: words.slice(i), options } : undefined;
      args.push(word);
      continue;
    }
    const equals = word.indexOf('=');
    const name = equals < 0 ? word.slice(2) : word.slice(2, equals);
    const key = word.startsWith('--') ? keyOf(table, name) : undefined;
    const option: Option<unknown> | undefined = key === undefined ? undefined : table[key];
    if (key === undefined || option === undefined) return undefined;
    if (option.value === undefined) {
      if (equals >= 0) return undefined;
      options[key] = true;
      continue;
    }
    if (equals < 0) i += 1;
    const value = equals < 0 ? words[i] : word.slice(equals + 1);
    if (value === undefined) return undefined;
    options[key] = option.read(value, caller, options[key]);
  }
  return isComplete(options, table) ? { args, options } : undefined;
}

/** Each value came from its own option's `initial` or `read`, so a value for each key makes the type true. */
function isComplete<O extends OptionTable>(
  options: Readonly<Record<string, unknown>>,
  table: O,
): options is OptionValues<O> {
  return Object.keys(table).every((key) => key in options);
}
