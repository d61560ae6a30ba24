/**
 * Plans made by hand, word by word, so that they can be wrong in one place.
 */
import { magic, version } from '../../src/plan/encode.ts';
import { type OpKind, opTable } from '../../src/plan/generated/ops.ts';

/** A 64-bit argument, or the two halves (offset, length) of a range. */
type Argument = bigint | number | readonly [offset: number, length: number];

export interface HandMadeStep {
  readonly op: OpKind | number;
  readonly args: readonly Argument[];
  /** In place of the number of arguments. */
  readonly argc?: number;
}

export interface HandMadeImage {
  readonly steps: readonly HandMadeStep[];
  /** What lies behind the steps; `at` is its offset in the image. */
  readonly heap?: (at: number) => Uint8Array;
  readonly magic?: number;
  readonly version?: number;
  readonly size?: number;
  readonly count?: number;
}

/** The offset at which the heap of these steps begins. */
export const heapOf = (steps: readonly HandMadeStep[]): number =>
  16 + steps.reduce((size, { args }) => size + 8 + 8 * args.length, 0);

export function imageOf(made: HandMadeImage): Uint8Array {
  const at = heapOf(made.steps);
  const heap = made.heap?.(at) ?? new Uint8Array(0);
  const bytes = Buffer.alloc(Math.ceil((at + heap.length) / 8) * 8);
  bytes.writeUInt32LE(made.magic ?? magic, 0);
  bytes.writeUInt32LE(made.version ?? version, 4);
  bytes.writeUInt32LE(made.size ?? bytes.length, 8);
  bytes.writeUInt32LE(made.count ?? made.steps.length, 12);
  let place = 16;
  for (const { op, args, argc } of made.steps) {
    bytes.writeUInt16LE(typeof op === 'number' ? op : opTable[op].number, place);
    bytes.writeUInt8(argc ?? args.length, place + 2);
    place += 8;
    for (const argument of args) place = writeArgument(bytes, place, argument);
  }
  bytes.set(heap, at);
  return bytes;
}

function writeArgument(bytes: Buffer, place: number, argument: Argument): number {
  if (typeof argument === 'object') {
    bytes.writeUInt32LE(argument[0], place);
    bytes.writeUInt32LE(argument[1], place + 4);
  } else bytes.writeBigUInt64LE(BigInt(argument), place);
  return place + 8;
}
