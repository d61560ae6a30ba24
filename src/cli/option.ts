/**
 * One option of a command: what help says of it, and how its text becomes a value.
 *
 * The key in a command's table is its name in camel case: `pidFile` is `--pid-file`.
 */
import { RuntError } from '../base/errors.ts';
import { wholeNumber } from './numbers.ts';
import type { Caller } from './caller.ts';

export interface Option<T> {
  readonly about: string;
  /** One letter, for the form with one dash. */
  readonly short?: string;
  readonly hidden?: true;
  /** What help calls the value; absent in a flag. */
  readonly value?: string;
  /** The value when the option is not given. */
  readonly initial: T;
  /** `before` is the value so far: an option may be repeated, and then the last one counts or all do. */
  read(text: string, caller: Caller, before: T): T;
}

export type OptionTable = Readonly<Record<string, Option<unknown>>>;

export type OptionValues<O extends OptionTable> = {
  readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never;
};

interface Looks {
  readonly short?: string;
  readonly hidden?: true;
}

export function flag(about: string, looks: Looks = {}): Option<boolean> {
  return { about, ...looks, initial: false, read: () => true };
}

/** An empty text counts as not given, as in runc: shell scripts write `--cwd "$CWD"`. */
export function text(about: string, looks: Looks = {}): Option<string | undefined> {
  return { about, ...looks, value: 'value', initial: undefined, read: (word) => word || undefined };
}

/** A path, made absolute. Empty counts as not given. */
export function path(about: string, looks: Looks = {}): Option<string | undefined> {
  return {
    about,
    ...looks,
    value: 'path',
    initial: undefined,
    read: (word, caller) => (word === '' ? undefined : caller.absolute(word)),
  };
}

/** Every value, in order. A comma does not part them: it is a letter like others in an environment. */
export function list(about: string, looks: Looks = {}): Option<readonly string[]> {
  return {
    about,
    ...looks,
    value: 'value',
    initial: [],
    read: (word, _caller, before) => [...before, word],
  };
}

/** A whole number from 0; `what` names it in a refusal. */
export function count(about: string, what: string, highest: number): Option<number> {
  return { about, value: 'number', initial: 0, read: (word) => wholeNumber(word, what, highest) };
}

/** One word of a few, the first being the default; `refusal` is the sentence for any other. */
export function choice<const W extends string>(
  about: string,
  words: readonly [W, ...W[]],
  refusal: string,
  looks: Looks = {},
): Option<W> {
  return {
    about: `${about} (default: "${words[0]}")`,
    ...looks,
    value: words.join('|'),
    initial: words[0],
    read: (word) => {
      const chosen = words.find((known) => known === word);
      if (chosen !== undefined) return chosen;
      throw new RuntError('usage', { text: `${refusal}: ${word}` });
    },
  };
}

/** `pidFile` → `pid-file`. */
export function longName(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The key that `pid-file` stands for, if the table has it. Every command looks at its words: no list of all names is made. */
export function keyOf(table: OptionTable, name: string): string | undefined {
  const key = name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return Object.hasOwn(table, key) && longName(key) === name ? key : undefined;
}

type Given<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

/** Leaves out what was not given: a request has no property with the value undefined. */
export function given<T extends object>(values: T): Given<T> {
  const out: Given<T> = { ...values };
  for (const key in out) if (out[key] === undefined) delete out[key];
  return out;
}
