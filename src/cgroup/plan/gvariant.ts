/**
 * GVariant's text format, in which annotations give values of unit properties: `uint64 5`, `@as []`, `['a', 'b']`,
 * `(1, true)`. What no unit property has (dictionaries, variants, maybes, object paths) is no value here.
 *
 * Which type a literal has, a neighbour in the same array may decide: `[1, int64 2]`.
 */
import { type BusValue, memberTypes } from '../../base/bus-value.ts';
import { bad, integer, type Literal, parseLiteral } from './gvariant-literal.ts';

export interface TypedValue {
  /** A D-Bus signature. */
  readonly signature: string;
  readonly value: BusValue;
}

/** The value, or what would have been right. */
export function parseVariant(text: string): TypedValue | string {
  try {
    const literal = parseLiteral(text);
    const signature = settled(typeOf(literal));
    return { signature, value: valueOf(literal, signature) };
  } catch (error) {
    if (error instanceof SyntaxError) return error.message;
    throw error;
  }
}

/** A signature, in which `I` is an integer of a size still open, and `*` what an empty array has. */
function typeOf(literal: Literal): string {
  switch (literal.kind) {
    case 'number':
      return integer.test(literal.text) ? 'I' : 'd';
    case 'string':
      return 's';
    case 'boolean':
      return 'b';
    case 'tuple':
      return `(${literal.items.map(typeOf).join('')})`;
    case 'array':
      return `a${literal.items.map(typeOf).reduce(common, '*')}`;
    case 'typed':
      return common(typeOf(literal.of), literal.signature);
  }
}

const numeric = 'ynqiuxtd';

/** The type that is both. */
function common(one: string, other: string): string {
  if (one === other || other === '*') return one;
  if (one === '*') return other;
  if (one === 'I' && numeric.includes(other)) return other;
  if (other === 'I' && numeric.includes(one)) return one;
  if (one.startsWith('a') && other.startsWith('a'))
    return `a${common(one.slice(1), other.slice(1))}`;
  if (one.startsWith('(') && other.startsWith('(')) {
    const others = memberTypes(other);
    const ones = memberTypes(one);
    if (ones.length === others.length)
      return `(${ones.map((type, index) => common(type, others[index] ?? '*')).join('')})`;
  }
  throw bad(`values of one type, not ${named(one)} and ${named(other)}`);
}

const named = (type: string): string => type.replaceAll('I', 'i').replaceAll('*', '?');

function settled(type: string): string {
  if (type.includes('*')) throw bad('a type before an empty array, such as @as []');
  if (type.includes('()')) throw bad('a structure that is not empty');
  return named(type);
}

function valueOf(literal: Literal, signature: string): BusValue {
  switch (literal.kind) {
    case 'number':
      return numberOf(literal.text, signature);
    case 'string':
      return literal.text;
    case 'boolean':
      return literal.is;
    case 'array':
      return literal.items.map((item) => valueOf(item, signature.slice(1)));
    case 'tuple': {
      const types = memberTypes(signature);
      return literal.items.map((item, index) => valueOf(item, types[index] ?? ''));
    }
    case 'typed':
      return valueOf(literal.of, signature);
  }
}

/** Bits of each integer type; signed ones are negative. */
const widths: Readonly<Record<string, number>> = {
  y: 8,
  n: -16,
  q: 16,
  i: -32,
  u: 32,
  x: -64,
  t: 64,
};

function numberOf(written: string, signature: string): number | bigint {
  const width = widths[signature];
  if (width === undefined) return floatOf(written);
  const digits = written.replace(/^[-+]/, '');
  // as in C: a 0 before other digits means octal
  const octal = /^0[0-7]+$/.test(digits);
  if (!octal && /^0[0-9]/.test(digits)) throw bad(`an octal number, not ${written}`);
  const size = BigInt(octal ? `0o${digits.slice(1)}` : digits);
  const value = written.startsWith('-') ? -size : size;
  const bits = BigInt(Math.abs(width));
  const least = width < 0 ? -(1n << (bits - 1n)) : 0n;
  const most = width < 0 ? (1n << (bits - 1n)) - 1n : (1n << bits) - 1n;
  if (value < least || value > most) throw bad(`a number from ${least} to ${most}, not ${written}`);
  return bits === 64n ? value : Number(value);
}

function floatOf(written: string): number {
  const sign = written.startsWith('-') ? -1 : 1;
  const size = written.replace(/^[-+]/, '');
  if (size === 'inf') return sign * Number.POSITIVE_INFINITY;
  return size === 'nan' ? Number.NaN : sign * Number(size);
}
