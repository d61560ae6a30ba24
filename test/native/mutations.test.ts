/**
 * Valid plans with a few bytes changed, shown to the decoder alone: nothing of them is ever run. It may accept one
 * (a number has become another number), but then all that an operation would read lies inside the image.
 */
import { expect, test } from 'vitest';
import { encodePlan } from '../../src/plan/encode.ts';
import { decodeAll, useSanitized } from '../support/native.ts';
import { knownPlans } from '../support/plans.ts';
import { type Random, randomFrom } from '../support/random.ts';
import { opKinds, randomStep } from '../support/random-steps.ts';

const rounds = 400;

/** Values at which bounds are crossed. */
const edges = [
  0, 1, 7, 8, 0x7f, 0x80, 0xff, 0x100, 0x3ff, 0x400, 0x7fff_ffff, 0xffff_ffff,
] as const;

function mutate(image: Uint8Array, random: Random): Uint8Array {
  const bytes = Buffer.from(image);
  for (let changes = 1 + random.below(4); changes > 0; changes--) {
    const at = random.below(bytes.length);
    const word = random.below(bytes.length >> 2) * 4;
    switch (random.below(4)) {
      case 0:
        bytes.writeUInt8(random.below(256), at);
        break;
      case 1:
        bytes.writeUInt32LE(random.pick(edges), word);
        break;
      case 2:
        bytes.writeUInt32LE(random.below(bytes.length + 16), word);
        break;
      default:
        bytes.copyWithin(word, random.below(bytes.length), random.below(bytes.length));
    }
  }
  // half of them keep a true size, or no change behind the header would ever be reached
  const cut = random.below(8) === 0 ? random.below(bytes.length) : bytes.length;
  if (random.below(2) === 0 && cut >= 12) bytes.writeUInt32LE(cut, 8);
  return bytes.subarray(0, cut);
}

useSanitized();

const seeds: Readonly<Record<string, () => Uint8Array>> = {
  ...Object.fromEntries(
    Object.entries(knownPlans).map(([name, make]) => [name, () => encodePlan(make().steps)]),
  ),
  'every operation': () => encodePlan(opKinds.map((kind) => randomStep(randomFrom(1), kind))),
  'lists alone': () =>
    encodePlan(
      (['exec', 'runHook', 'newMount', 'findExecutable', 'ids'] as const).map((kind) =>
        randomStep(randomFrom(7), kind),
      ),
    ),
};

test.each(Object.entries(seeds))('of %s', (_name, make) => {
  const image = make();
  const mutants = Array.from({ length: rounds }, (_, seed) => mutate(image, randomFrom(seed)));
  const answers = decodeAll(mutants);
  expect(answers).toHaveLength(rounds);
  // were all of them refused at the header, nothing would have been tested
  expect(new Set(answers)).toEqual(new Set(['accepted', 'refused']));
});
