/**
 * The literals of GVariant's text format, read and not yet given a type.
 */

export type Literal =
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'boolean'; readonly is: boolean }
  | { readonly kind: 'array' | 'tuple'; readonly items: readonly Literal[] }
  | { readonly kind: 'typed'; readonly signature: string; readonly of: Literal };

interface Reader {
  readonly text: string;
  at: number;
  depth: number;
}

/** D-Bus has the same limit. */
const deepest = 32;

/** Thrown inside of the parser only. */
export const bad = (expected: string): SyntaxError => new SyntaxError(expected);

const shown = ({ text, at }: Reader): string =>
  at < text.length ? JSON.stringify(text.slice(at, at + 20)) : 'the end';

/** Words that give what follows a type. */
const typeWords: Readonly<Record<string, string>> = {
  boolean: 'b',
  byte: 'y',
  int16: 'n',
  uint16: 'q',
  int32: 'i',
  uint32: 'u',
  int64: 'x',
  uint64: 't',
  double: 'd',
  string: 's',
};

function take(reader: Reader, pattern: RegExp): string | undefined {
  const sticky = new RegExp(pattern.source, 'y');
  sticky.lastIndex = reader.at;
  const found = sticky.exec(reader.text)?.[0];
  if (found !== undefined) reader.at += found.length;
  return found;
}

const skipSpace = (reader: Reader): void => void take(reader, /[ \t\n\r]*/);

/** The one literal that the text is. */
export function parseLiteral(text: string): Literal {
  const reader: Reader = { text, at: 0, depth: 0 };
  const literal = readLiteral(reader);
  skipSpace(reader);
  if (reader.at < text.length) throw bad(`nothing after the value, not ${shown(reader)}`);
  return literal;
}

function readLiteral(reader: Reader): Literal {
  if (reader.depth === deepest) throw bad(`at most ${deepest} values inside of one another`);
  reader.depth += 1;
  const literal = readOne(reader);
  reader.depth -= 1;
  return literal;
}

function readOne(reader: Reader): Literal {
  skipSpace(reader);
  const start = reader.text[reader.at];
  if (start === '[') return { kind: 'array', items: readItems(reader, ']') };
  if (start === '(') return { kind: 'tuple', items: readItems(reader, ')') };
  if (start === "'" || start === '"') return { kind: 'string', text: readString(reader) };
  if (take(reader, /@/) !== undefined) {
    const signature = take(reader, /[a-z()]+/) ?? '';
    if (!isType(signature))
      throw bad(`a type after @, not ${JSON.stringify(signature.slice(0, 20))}`);
    return { kind: 'typed', signature, of: readLiteral(reader) };
  }
  const word = take(reader, /[-+.0-9A-Za-z]+/) ?? '';
  if (word === 'true' || word === 'false') return { kind: 'boolean', is: word === 'true' };
  const signature = Object.hasOwn(typeWords, word) ? typeWords[word] : undefined;
  if (signature !== undefined) return { kind: 'typed', signature, of: readLiteral(reader) };
  if (integer.test(word) || float.test(word)) return { kind: 'number', text: word };
  reader.at -= word.length;
  throw bad(`a value in GVariant's text format, not ${shown(reader)}`);
}

export const integer: RegExp = /^[-+]?(?:0x[0-9A-Fa-f]+|[0-9]+)$/;
const float = /^[-+]?(?:[0-9]+\.?[0-9]*(?:[eE][-+]?[0-9]+)?|\.[0-9]+(?:[eE][-+]?[0-9]+)?|inf|nan)$/;

function readItems(reader: Reader, close: string): readonly Literal[] {
  reader.at += 1;
  const items: Literal[] = [];
  for (;;) {
    skipSpace(reader);
    if (reader.text[reader.at] === close) break;
    items.push(readLiteral(reader));
    skipSpace(reader);
    // a comma may stand behind the last one: (1,) is a structure of one
    if (reader.text[reader.at] === close) break;
    if (take(reader, /,/) === undefined) throw bad(`a comma or ${close}, not ${shown(reader)}`);
  }
  reader.at += 1;
  return items;
}

const escapes: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

function readString(reader: Reader): string {
  const quoted = take(reader, /'(?:[^'\\]|\\[^])*'|"(?:[^"\\]|\\[^])*"/);
  if (quoted === undefined) throw bad('a string with a quote at its end');
  const escape = /\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|\n|([^]))/g;
  const unquoted = quoted
    .slice(1, -1)
    .replace(escape, (_, short?: string, long?: string, plain?: string) => {
      const code = short ?? long;
      if (code === undefined) return plain === undefined ? '' : (escapes[plain] ?? plain);
      const point = Number.parseInt(code, 16);
      return point > 0x10ffff ? '\0' : String.fromCodePoint(point);
    });
  if (/[\0\p{Surrogate}]/u.test(unquoted)) throw bad('a string of characters other than NUL');
  return unquoted;
}

const simpleTypes = 'ybnqiuxtds';

function isType(signature: string): boolean {
  return signature.length <= 255 && completeEnd(signature, 0) === signature.length;
}

/** Where the one complete type that begins at `at` ends; undefined where none does. */
function completeEnd(signature: string, at: number): number | undefined {
  const letter = signature[at] ?? ' ';
  if (simpleTypes.includes(letter)) return at + 1;
  if (letter === 'a') return completeEnd(signature, at + 1);
  if (letter !== '(') return undefined;
  let end: number | undefined = completeEnd(signature, at + 1);
  while (end !== undefined && signature[end] !== ')') end = completeEnd(signature, end);
  return end === undefined ? undefined : end + 1;
}
