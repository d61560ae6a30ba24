/**
 * What runt-init refuses: each image is wrong in one place. None of its steps is run, not even those before the fault.
 */
import { expect, test } from 'vitest';
import { type HandMadeStep, heapOf, imageOf } from '../support/images.ts';
import { decodeAll, interpret, useSanitized } from '../support/native.ts';

/** Would be heard of, were it run. */
const gate: HandMadeStep = { op: 'gate', args: [1] };

/** A gate, and a step with an argument that points behind the steps, where `heap` lies. */
function withRange(
  op: HandMadeStep['op'],
  range: (at: number) => readonly [number, number],
  heap: (at: number) => Uint8Array,
): Uint8Array {
  const at = heapOf([gate, { op, args: [0] }]);
  return imageOf({ steps: [gate, { op, args: [range(at)] }], heap });
}

const word = (...numbers: readonly number[]): Buffer =>
  Buffer.from(Uint32Array.from(numbers).buffer);
const text = (words: string): Buffer => Buffer.from(words, 'latin1');
const good = imageOf({ steps: [gate] });
const list = 'findExecutable';

const refused: Readonly<Record<string, Uint8Array>> = {
  'an empty file': new Uint8Array(0),
  'half a header': good.subarray(0, 8),
  'a header alone': good.subarray(0, 16),
  'half a step': good.subarray(0, 24),
  'other magic': imageOf({ steps: [gate], magic: 0x1234_5678 }),
  'a newer version': imageOf({ steps: [gate], version: 2 }),
  'version 0': imageOf({ steps: [gate], version: 0 }),
  'a size that is smaller than the file': imageOf({ steps: [gate], size: 16 }),
  'a size that is larger than the file': imageOf({ steps: [gate], size: 40 }),
  'a file that is no multiple of eight': Buffer.concat([good, Buffer.alloc(4)]),
  'no steps': imageOf({ steps: [], heap: () => new Uint8Array(8) }),
  'more steps than there are': imageOf({ steps: [gate], count: 2 }),
  'more steps than may be': imageOf({ steps: [gate], count: 65_537 }),
  'as many steps as a number can say': imageOf({ steps: [gate], count: 0xffff_ffff }),
  'an unknown operation': imageOf({ steps: [gate, { op: 9999, args: [] }] }),
  'operation 0': imageOf({ steps: [gate, { op: 0, args: [] }] }),
  'an argument too few': imageOf({ steps: [gate, { op: 'deathSignal', args: [] }] }),
  'an argument too many': imageOf({ steps: [gate, { op: 'setsid', args: [0] }] }),
  'arguments behind the end': imageOf({ steps: [gate, { op: 'setsid', args: [], argc: 255 }] }),
  'a number of more than 32 bits': imageOf({
    steps: [gate, { op: 'umask', args: [0x1_0000_0000n] }],
  }),
  'a slot that there is not': imageOf({ steps: [gate, { op: 'closeSlot', args: [1024] }] }),
  'a slot far outside': imageOf({
    steps: [gate, { op: 'closeSlot', args: [-1n & ((1n << 64n) - 1n)] }],
  }),
  'a string without an end': withRange(
    'hostname',
    (at) => [at, 8],
    () => text('abcdefgh'),
  ),
  'a string that ends behind the image': withRange(
    'hostname',
    (at) => [at, 4096],
    () => text('abc'),
  ),
  'a string that ends before it says': withRange(
    'hostname',
    (at) => [at, 5],
    () => text('ab\0cd\0'),
  ),
  'a string that ends after it says': withRange(
    'hostname',
    (at) => [at, 2],
    () => text('abcd\0'),
  ),
  'a string behind the image': withRange(
    'hostname',
    () => [65_536, 0],
    () => text('abc'),
  ),
  'a string far behind the image': withRange(
    'hostname',
    () => [0xffff_fff8, 8],
    () => text('abc'),
  ),
  'a string whose end wraps around': withRange(
    'hostname',
    (at) => [at, 0xffff_ffff],
    () => text('abc'),
  ),
  'a string among the steps': withRange(
    'hostname',
    () => [16, 0],
    () => text('abc'),
  ),
  'a string in the header': withRange(
    'hostname',
    () => [12, 1],
    () => text('abc'),
  ),
  'a list behind the image': withRange(
    list,
    () => [65_536, 0],
    () => word(0, 0),
  ),
  'a list that ends behind the image': withRange(
    list,
    (at) => [at, 1],
    () => word(0, 0),
  ),
  'a list longer than memory': withRange(
    list,
    (at) => [at, 0xffff_ffff],
    () => word(0, 0),
  ),
  'a list that is not aligned': withRange(
    list,
    (at) => [at + 4, 0],
    () => word(0, 0, 0, 0),
  ),
  'a list that is not closed': withRange(
    list,
    (at) => [at, 0],
    () => word(1, 0),
  ),
  'a list among the steps': withRange(
    list,
    () => [16, 0],
    () => word(0, 0),
  ),
  'a list over its own step': withRange(
    list,
    (at) => [at - 8, 0],
    () => word(0, 0),
  ),
  'a list of a string without an end': withRange(
    list,
    (at) => [at, 1],
    (at) => Buffer.concat([word(at + 16, 8, 0, 0), text('abcdefgh')]),
  ),
  'a list of a string behind the image': withRange(
    list,
    (at) => [at, 1],
    () => word(65_536, 0, 0, 0),
  ),
  'a list of a string that the list itself holds': withRange(
    list,
    (at) => [at, 2],
    (at) =>
      // the first entry's bytes, which become a pointer, are the second entry's string
      Buffer.concat([word(at + 24, 1, at + 5, 0, 0, 0), text('a\0')]),
  ),
  'one list twice': imageOf({
    steps: [
      gate,
      { op: list, args: [[72, 1]] },
      { op: list, args: [[72, 1]] },
      { op: 'umask', args: [0] },
    ],
    heap: () => Buffer.concat([word(88, 1, 0, 0), text('a\0')]),
  }),
  'a string that lies in a list': imageOf({
    // empty at first: a zero of the entry's length. Then the entry becomes a pointer, of which no byte there is zero
    steps: [gate, { op: 'hostname', args: [[69, 0]] }, { op: list, args: [[64, 1]] }],
    heap: () => Buffer.concat([word(80, 1, 0, 0), text('a\0')]),
  }),
  'numbers behind the image': imageOf({
    steps: [gate, { op: 'cpuAffinity', args: [[65_536, 1]] }],
  }),
  'numbers that end behind the image': imageOf({
    steps: [gate, { op: 'cpuAffinity', args: [[48, 3]] }],
    heap: () => word(1, 2),
  }),
  'numbers that are not aligned': imageOf({
    steps: [gate, { op: 'cpuAffinity', args: [[50, 1]] }],
    heap: () => word(1, 2),
  }),
  'numbers among the steps': imageOf({
    steps: [gate, { op: 'cpuAffinity', args: [[16, 1]] }],
    heap: () => word(1, 2),
  }),
  'more numbers than memory': imageOf({
    steps: [gate, { op: 'cpuAffinity', args: [[48, 0xffff_ffff]] }],
    heap: () => word(1, 2),
  }),
};

useSanitized();

test.each(Object.entries(refused))('%s', async (_name, image) => {
  expect(decodeAll([image])).toEqual(['refused']);
  expect(await interpret(image)).toEqual({ status: 126, messages: [], stdout: '', stderr: '' });
});

/** Neighbours of the above that are right, so that those are refused for their fault and for nothing else. */
const accepted: Readonly<Record<string, Uint8Array>> = {
  'one gate': good,
  'the last slot': imageOf({ steps: [{ op: 'closeSlot', args: [1023] }] }),
  'the largest number': imageOf({ steps: [{ op: 'umask', args: [0xffff_ffff] }] }),
  'a string': withRange(
    'hostname',
    (at) => [at, 5],
    () => text('abcde\0'),
  ),
  'a string that ends with the image': withRange(
    'hostname',
    (at) => [at, 7],
    () => text('abcdefg\0'),
  ),
  'an empty string': withRange(
    'hostname',
    (at) => [at, 0],
    () => text('\0'),
  ),
  'an empty list': withRange(
    list,
    (at) => [at, 0],
    () => word(0, 0),
  ),
  'a list': withRange(
    list,
    (at) => [at, 1],
    (at) => Buffer.concat([word(at + 16, 7, 0, 0), text('abcdefg\0')]),
  ),
  'no numbers': imageOf({ steps: [{ op: 'cpuAffinity', args: [[32, 0]] }] }),
  'numbers that end with the image': imageOf({
    steps: [{ op: 'cpuAffinity', args: [[32, 2]] }],
    heap: () => word(1, 2),
  }),
};

test.each(Object.entries(accepted))('but not %s', (_name, image) => {
  expect(decodeAll([image])).toEqual(['accepted']);
});

test('a plan of more than 64 MiB', async () => {
  const image = Buffer.alloc((64 << 20) + 8);
  good.forEach((byte, at) => image.writeUInt8(byte, at));
  image.writeUInt32LE(image.length, 8);
  expect(await interpret(image)).toMatchObject({ status: 126, messages: [], stderr: '' });
});

test.each([[[]], [['3']], [['x', '4']], [['3', '']], [['3', '99']], [['-1', '4']], [['3', '4x']]])(
  'arguments that are not its own: %j',
  async (argv) => {
    expect(await interpret(good, { argv })).toMatchObject({
      status: 127,
      messages: [],
      stderr: '',
    });
  },
);
