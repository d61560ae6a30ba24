/**
 * Go's ways of writing an option, made the usual ones before commander reads them.
 *
 * Go takes `-name` for `--name`, `-b=DIR` for `-b DIR` and `--flag=false`; containerd really sends
 * `-no-subreaper`. So a word with one dash and several letters is always one long name here, never
 * a bundle of short ones: `-detahc` is a typing error and not `-d -e tahc`.
 */
import { RuntError } from '../base/errors.ts';
import { keyOf, longName } from './option.ts';
import type { OptionTable } from './option.ts';

export function usualSpelling(
  words: readonly string[],
  table: OptionTable,
  stopsAtPositional: boolean,
): string[] {
  const out: string[] = [];
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? '';
    const parts = /^--?([^-=][^=]*)(?:=(.*))?$/s.exec(word);
    if (word === '--' || (parts === null && stopsAtPositional)) return [...out, ...words.slice(i)];
    const [, name = '', value] = parts ?? [];
    const option = optionNamed(table, name);
    if (parts === null) {
      out.push(word);
    } else if (option === undefined) {
      out.push(asUnknown(word, name));
    } else if (!option.takesValue) {
      setFlag(out, option.long, value);
    } else if (value === undefined) {
      out.push(option.long, ...words.slice(i + 1, i + 2));
      i += 1;
    } else {
      out.push(`${option.long}=${value}`);
    }
  }
  return out;
}

/**
 * Global options stand behind the command, too: runc 1.5 takes them there. Where a command has an option of the same
 * name, it is the command's.
 */
export function partInherited(
  words: readonly string[],
  own: OptionTable,
  inherited: OptionTable,
  stopsAtPositional: boolean,
): { readonly inherited: readonly string[]; readonly rest: readonly string[] } {
  const taken: string[] = [];
  const rest: string[] = [];
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? '';
    const parts = /^--?([^-=][^=]*)(?:=(.*))?$/s.exec(word);
    if (word === '--' || (parts === null && stopsAtPositional)) {
      rest.push(...words.slice(i));
      break;
    }
    const [, name = '', value] = parts ?? [];
    const mine = optionNamed(own, name);
    const option = mine ?? optionNamed(inherited, name);
    const to = mine === undefined && option !== undefined ? taken : rest;
    to.push(word);
    if (option?.takesValue === true && value === undefined) {
      to.push(...words.slice(i + 1, i + 2));
      i += 1;
    }
  }
  return { inherited: taken, rest };
}

interface Spelling {
  readonly long: string;
  readonly takesValue: boolean;
}

/** By its long name or its letter. */
function optionNamed(table: OptionTable, name: string): Spelling | undefined {
  if (name === '') return undefined;
  const key = keyOf(table, name) ?? Object.keys(table).find((each) => table[each]?.short === name);
  const option = key === undefined ? undefined : table[key];
  if (key === undefined || option === undefined) return undefined;
  return { long: `--${longName(key)}`, takesValue: option.value !== undefined };
}

/** Two dashes where commander would look into the word, or take `-9` for a negative number. */
function asUnknown(word: string, name: string): string {
  const alone = name.length === 1 && name === word.slice(1) && !/\d/.test(name);
  return alone || word.startsWith('--') ? word : `-${word}`;
}

function setFlag(out: string[], long: string, value: string | undefined): void {
  if (value === undefined || /^(1|t|T|true|TRUE|True)$/.test(value)) {
    out.push(long);
  } else if (/^(0|f|F|false|FALSE|False)$/.test(value)) {
    // the last one counts, so an earlier `--flag` is taken back
    const kept = out.filter((word) => word !== long);
    out.splice(0, out.length, ...kept);
  } else {
    throw new RuntError('usage', { text: `invalid value ${JSON.stringify(value)} for ${long}` });
  }
}
