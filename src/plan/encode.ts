/**
 * A plan's steps as the bytes that runt-init reads: native/init/wire.h.
 *
 * header · steps · lists · strings. Strings are shared: a path that stands in ten steps is written once.
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

/** The bytes behind the steps, with the places of what they hold. */
interface Heap {
  readonly strings: Map<string, { readonly offset: number; readonly length: number }>;
  readonly chunks: Uint8Array[];
  size: number;
}

const encoder = new TextEncoder();

export function encodePlan(steps: readonly Step[]): Uint8Array {
  const stepBytes = steps.reduce((size, { op }) => size + 8 + 8 * opTable[op.kind].args.length, 0);
  const heap: Heap = { strings: new Map(), chunks: [], size: headerSize + stepBytes };
  const head = new DataView(new ArrayBuffer(headerSize + stepBytes));
  head.setUint32(0, magic, true);
  head.setUint32(4, version, true);
  head.setUint32(12, steps.length, true);
  let at = headerSize;
  for (const step of steps) at = writeStep(head, at, step, heap);
  alignTo(heap, 8);
  head.setUint32(8, heap.size, true);

  const image = new Uint8Array(heap.size);
  image.set(new Uint8Array(head.buffer), 0);
  let offset = headerSize + stepBytes;
  for (const chunk of heap.chunks) {
    image.set(chunk, offset);
    offset += chunk.length;
  }
  return image;
}

function writeStep(view: DataView, start: number, step: Step, heap: Heap): number {
  const { number, args } = opTable[step.op.kind];
  const [first, second] = step.tolerate;
  view.setUint16(start, number, true);
  view.setUint8(start + 2, args.length);
  view.setUint8(start + 3, step.warn ? warnFlag : 0);
  view.setUint16(start + 4, first === undefined ? 0 : tolerated[first], true);
  view.setUint16(start + 6, second === undefined ? 0 : tolerated[second], true);
  let at = start + 8;
  for (const [name, type] of args) {
    writeArgument(view, at, type, argumentOf(step.op, name), heap);
    at += 8;
  }
  return at;
}

/** The table names the arguments of each operation, and its types promise that they are there. */
export function argumentOf(op: Op, name: string): ArgumentValue {
  const values: Readonly<Record<string, ArgumentValue | undefined>> = { ...op };
  const value = values[name];
  if (value === undefined) throw new TypeError(`operation ${op.kind} lacks its argument ${name}`);
  return value;
}

export type ArgumentValue = number | bigint | string | readonly string[] | Numbers;

function writeArgument(
  view: DataView,
  at: number,
  type: ArgumentType,
  value: ArgumentValue,
  heap: Heap,
): void {
  if (typeof value === 'bigint') view.setBigUint64(at, value, true);
  else if (typeof value === 'number') view.setUint32(at, value, true);
  else if (typeof value === 'string') writeRange(view, at, putString(heap, value));
  else if (value instanceof Uint32Array) writeRange(view, at, putWords(heap, value));
  else if (type === 'l') writeRange(view, at, putList(heap, value.map(String)));
  else writeRange(view, at, putWords(heap, Uint32Array.from(value, Number)));
}

function writeRange(
  view: DataView,
  at: number,
  range: { readonly offset: number; readonly length: number },
): void {
  view.setUint32(at, range.offset, true);
  view.setUint32(at + 4, range.length, true);
}

function put(heap: Heap, chunk: Uint8Array): number {
  const offset = heap.size;
  heap.chunks.push(chunk);
  heap.size += chunk.length;
  return offset;
}

function alignTo(heap: Heap, bytes: number): void {
  const over = heap.size % bytes;
  if (over !== 0) put(heap, new Uint8Array(bytes - over));
}

function putString(heap: Heap, text: string): { offset: number; length: number } {
  const known = heap.strings.get(text);
  if (known) return known;
  const bytes = encoder.encode(`${text}\0`);
  const range = { offset: put(heap, bytes), length: bytes.length - 1 };
  heap.strings.set(text, range);
  return range;
}

/** The strings first, then a table of their places, closed by an entry of zeros. */
function putList(heap: Heap, texts: readonly string[]): { offset: number; length: number } {
  const ranges = texts.map((text) => putString(heap, text));
  const table = new DataView(new ArrayBuffer((texts.length + 1) * 8));
  for (const [index, range] of ranges.entries()) writeRange(table, index * 8, range);
  alignTo(heap, 8);
  return { offset: put(heap, new Uint8Array(table.buffer)), length: texts.length };
}

/** As they stand in memory: every machine that runt knows is little-endian. */
function putWords(heap: Heap, words: Uint32Array): { offset: number; length: number } {
  alignTo(heap, 4);
  const bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
  return { offset: put(heap, bytes), length: words.length };
}
