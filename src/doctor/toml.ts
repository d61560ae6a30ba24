/**
 * TOML, as far as configuration files of container engines use it: tables, dotted and quoted keys, strings, arrays and
 * inline tables. Numbers and dates stay text.
 */

export type TomlValue = string | boolean | readonly TomlValue[];

/** One `key = value`, with the whole way to it. */
export interface TomlEntry {
  readonly keys: readonly string[];
  readonly value: TomlValue;
}

/** Where a text is no TOML, by its line. */
export class TomlFault extends Error {
  readonly line: number;

  constructor(line: number, reason: string) {
    super(`line ${line}: ${reason}`);
    this.line = line;
  }
}

/** In their order; a key that is said twice is there twice. */
export function readToml(text: string): readonly TomlEntry[] {
  const cursor = { text, at: 0 };
  const entries: TomlEntry[] = [];
  let table: readonly string[] = [];
  for (
    skip(cursor, /[\s]*(#[^\n]*\s*)*/y);
    cursor.at < text.length;
    skip(cursor, /[\s]*(#[^\n]*\s*)*/y)
  ) {
    const header = take(cursor, /\[\[?/y);
    if (header === undefined) {
      entries.push(...pair(cursor, table));
    } else {
      table = keyPath(cursor);
      expect(cursor, header.length === 2 ? /[ \t]*\]\]/y : /[ \t]*\]/y, 'a closing bracket');
    }
    skip(cursor, /[ \t]*/y);
    expect(cursor, /(#[^\n]*)?(\r?\n|$)/y, 'the end of the line');
  }
  return entries;
}

interface Cursor {
  readonly text: string;
  at: number;
}

function take(cursor: Cursor, pattern: RegExp): string | undefined {
  pattern.lastIndex = cursor.at;
  const [found] = pattern.exec(cursor.text) ?? [];
  if (found !== undefined) cursor.at += found.length;
  return found;
}

const skip = (cursor: Cursor, pattern: RegExp): void => void take(cursor, pattern);

function expect(cursor: Cursor, pattern: RegExp, what: string): string {
  return take(cursor, pattern) ?? fault(cursor, `found ${shown(cursor)}, wanted ${what}`);
}

function fault({ text, at }: Cursor, reason: string): never {
  throw new TomlFault(text.slice(0, at).split('\n').length, reason);
}

const shown = ({ text, at }: Cursor): string =>
  at >= text.length ? 'the end' : JSON.stringify(text.slice(at, at + 12));

function pair(cursor: Cursor, table: readonly string[]): readonly TomlEntry[] {
  const keys = [...table, ...keyPath(cursor)];
  expect(cursor, /[ \t]*=[ \t]*/y, 'an equals sign');
  return valueOf(cursor, keys);
}

function keyPath(cursor: Cursor): readonly string[] {
  const keys: string[] = [];
  do {
    skip(cursor, /[ \t]*/y);
    keys.push(
      take(cursor, /[\w-]+/y) ??
        quoted(cursor) ??
        fault(cursor, `found ${shown(cursor)}, wanted a key`),
    );
  } while (take(cursor, /[ \t]*\./y) !== undefined);
  return keys;
}

/** An inline table is as many entries as it has. */
function valueOf(cursor: Cursor, keys: readonly string[]): readonly TomlEntry[] {
  if (take(cursor, /\{[ \t]*/y) === undefined) return [{ keys, value: plainValue(cursor) }];
  const entries: TomlEntry[] = [];
  while (take(cursor, /[ \t]*\}/y) === undefined) {
    entries.push(...pair(cursor, keys));
    if (take(cursor, /[ \t]*,[ \t]*/y) === undefined) {
      expect(cursor, /[ \t]*\}/y, 'the end of the table');
      break;
    }
  }
  return entries;
}

const blank = /[\s]*(#[^\n]*\s*)*/y;

function plainValue(cursor: Cursor): TomlValue {
  const text = quoted(cursor);
  if (text !== undefined) return text;
  if (take(cursor, /\[/y) === undefined) {
    const word = expect(cursor, /[^\s,\]}#]+/y, 'a value');
    return word === 'true' || word === 'false' ? word === 'true' : word;
  }
  const values: TomlValue[] = [];
  for (skip(cursor, blank); take(cursor, /\]/y) === undefined; skip(cursor, blank)) {
    values.push(plainValue(cursor));
    skip(cursor, blank);
    if (take(cursor, /,/y) === undefined) {
      expect(cursor, /\]/y, 'the end of the array');
      break;
    }
  }
  return values;
}

/** Escapes that are not JSON's are left as they are written. */
function quoted(cursor: Cursor): string | undefined {
  const long = take(cursor, /"""[^]*?"""|'''[^]*?'''/y);
  if (long !== undefined) return long.slice(3, -3).replace(/^\r?\n/, '');
  const literal = take(cursor, /'[^'\n]*'/y);
  if (literal !== undefined) return literal.slice(1, -1);
  const basic = take(cursor, /"(?:[^"\\\n]|\\.)*"/y);
  if (basic === undefined) return undefined;
  try {
    return String(JSON.parse(basic));
  } catch {
    return basic.slice(1, -1);
  }
}
