/**
 * A plan's steps as the bytes that runt-init reads: native/init/wire.h.
 *
 * header · steps · lists · strings. Strings are shared: a path that stands in ten steps is written once. As it stands in
 * memory: every machine that runt knows is little-endian.
 */
import { type ArgumentType, type Numbers, type Op, opTable } from './generated/ops.ts';
import type { Step, ToleratedErrno } from './plan.ts';

export const magic = 0x544e5552;
export const version = 1;
export const headerSize = 16;
const anyErrno = 0xffff;
export const warnFlag = 1;

const tolerated: Readonly<Record<ToleratedErrno, number>> = {
  EPERM: 1,
  ENOENT: 2,
  EACCES: 13,
  EBUSY: 16,
  EINVAL: 22,
  ENOSYS: 38,
  any: anyErrno,
};

/**
 * An image in the making: first 32-bit words (header, steps, lists), behind them one text of all strings.
 *
 * Where the text begins is known at the end, so the places of words that point into it are remembered. Plain loops and
 * plain numbers: every create writes a thousand words, and the engine that does so interprets each line of this.
 */
interface Draft {
  readonly words: number[];
  readonly strings: Map<string, number>;
  readonly texts: string[];
  readonly textReferences: number[];
  /** Long lists of numbers, and the places that are kept free for them. */
  readonly blocks: (readonly [at: number, numbers: Uint32Array])[];
  /** Strings are as long as their bytes. */
  readonly ascii: boolean;
  textBytes: number;
}

const encoder = new TextEncoder();

export function encodePlan(steps: readonly Step[]): Uint8Array {
  // so it is in nearly every plan, and then no string has to be encoded alone
  return encodeWith(steps, true) ?? encodeWith(steps, false) ?? new Uint8Array();
}

/** undefined when it is not true that all are `ascii`. */
function encodeWith(steps: readonly Step[], ascii: boolean): Uint8Array | undefined {
  let size = headerSize / 4;
  for (const { op } of steps) size += 2 + 2 * opTable[op.kind].args.length;
  const draft: Draft = {
    words: zeros(size),
    strings: new Map(),
    texts: [],
    textReferences: [],
    blocks: [],
    ascii,
    textBytes: 0,
  };
  let at = headerSize / 4;
  for (const step of steps) at = writeStep(draft, at, step);
  return finish(draft, steps.length);
}

function zeros(size: number): number[] {
  const words: number[] = [];
  words.length = size;
  return words.fill(0);
}

function finish(draft: Draft, steps: number): Uint8Array | undefined {
  const { words, textBytes } = draft;
  const textStart = words.length * 4;
  const size = Math.ceil((textStart + textBytes) / 8) * 8;
  for (const at of draft.textReferences) words[at] = (words[at] ?? 0) + textStart;
  words[0] = magic;
  words[1] = version;
  words[2] = size;
  words[3] = steps;
  const image = new Uint8Array(size);
  const target = new Uint32Array(image.buffer, 0, words.length);
  target.set(words);
  for (const [at, numbers] of draft.blocks) target.set(numbers, at);
  const text = draft.texts.join('\0');
  const { read, written } = encoder.encodeInto(text, image.subarray(textStart));
  // the zero that ends the last one is there already
  const expected = Math.max(0, textBytes - 1);
  return read === text.length && written === expected ? image : undefined;
}

function writeStep(draft: Draft, start: number, { op, tolerate, warn }: Step): number {
  const { words } = draft;
  const { number, args } = opTable[op.kind];
  const values: Readonly<Record<string, ArgumentValue>> = { ...op };
  words[start] = number | (args.length << 16) | (warn ? warnFlag << 24 : 0);
  const first = tolerate[0];
  if (first !== undefined) {
    const second = tolerate[1];
    words[start + 1] =
      (tolerated[first] | (second === undefined ? 0 : tolerated[second] << 16)) >>> 0;
  }
  let at = start + 2;
  for (const argument of args) {
    const value = values[argument[0]];
    if (typeof value === 'number') words[at] = value;
    else if (typeof value === 'string') writeString(draft, at, value);
    else if (value === undefined) throw lacks(op, argument[0]);
    else writeWide(draft, at, argument[1], value);
    at += 2;
  }
  return at;
}

const lacks = (op: Op, name: string): TypeError =>
  new TypeError(`operation ${op.kind} lacks its argument ${name}`);

/** The table names the arguments of each operation, and its types promise that they are there. */
export function argumentOf(op: Op, name: string): ArgumentValue {
  const value: ArgumentValue | undefined = Reflect.get(op, name);
  if (value === undefined) throw lacks(op, name);
  return value;
}

export type ArgumentValue = number | bigint | string | readonly string[] | Numbers;

function writeWide(
  draft: Draft,
  at: number,
  type: ArgumentType,
  value: bigint | readonly string[] | Numbers,
): void {
  const { words } = draft;
  if (typeof value === 'bigint') {
    words[at] = Number(value & 0xffff_ffffn);
    words[at + 1] = Number(value >> 32n);
  } else if (type === 'l') {
    const table = listOf(draft, value);
    words[at] = table * 4;
    words[at + 1] = value.length;
  } else {
    words[at] = words.length * 4;
    words[at + 1] = value.length;
    if (value instanceof Uint32Array) {
      draft.blocks.push([words.length, value]);
      words.length += value.length;
    } else for (const word of value) words.push(Number(word));
  }
}

function writeString(draft: Draft, at: number, text: string): void {
  const { words, strings } = draft;
  const length = draft.ascii ? text.length : encoder.encode(text).length;
  let offset = strings.get(text);
  if (offset === undefined) {
    offset = draft.textBytes;
    strings.set(text, offset);
    draft.texts.push(text);
    draft.textBytes = offset + length + 1;
  }
  words[at] = offset;
  words[at + 1] = length;
  draft.textReferences.push(at);
}

/** A table of the strings' places, eight bytes each, closed by an entry of zeros. Its place, in words. */
function listOf(draft: Draft, texts: readonly unknown[] | Uint32Array): number {
  const { words } = draft;
  if (words.length % 2 !== 0) words.push(0);
  const table = words.length;
  for (let i = 0; i <= texts.length; i++) words.push(0, 0);
  for (let i = 0; i < texts.length; i++) writeString(draft, table + i * 2, String(texts[i]));
  return table;
}
