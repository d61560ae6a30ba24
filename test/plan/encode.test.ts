/**
 * What is encoded and decoded again is what it was: nothing of a plan is lost on its way to runt-init.
 */
import { expect, test } from 'vitest';
import { decodePlan } from '../../src/plan/decode.ts';
import { encodePlan, headerSize, magic, version } from '../../src/plan/encode.ts';
import type { OpKind } from '../../src/plan/generated/ops.ts';
import type { Step, ToleratedErrno } from '../../src/plan/plan.ts';
import { knownPlans } from '../support/plans.ts';
import { randomFrom } from '../support/random.ts';
import { opKinds, randomStep } from '../support/random-steps.ts';

/** errno(3); 65535 is the wire's word for any. */
const numbers: Readonly<Record<ToleratedErrno, number>> = {
  EPERM: 1,
  ENOENT: 2,
  EACCES: 13,
  EBUSY: 16,
  EINVAL: 22,
  ENOSYS: 38,
  any: 65_535,
};

const asDecoded = ({ op: { kind, ...args }, tolerate, warn }: Step): object => ({
  kind,
  warn,
  tolerate: tolerate.map((name) => numbers[name]),
  args: Object.fromEntries(
    Object.entries(args).map(([name, value]) => [
      name,
      value instanceof Uint32Array ? [...value] : value,
    ]),
  ),
});

function expectRoundTrip(steps: readonly Step[]): void {
  expect(decodePlan(encodePlan(steps))).toEqual(steps.map(asDecoded));
}

test.each(Object.entries(knownPlans))('the plan %s', (_name, make) => {
  expectRoundTrip(make().steps);
});

test.each(opKinds)('%s with any arguments', (kind: OpKind) => {
  for (let seed = 0; seed < 50; seed++) {
    const random = randomFrom(seed);
    expectRoundTrip([randomStep(random, kind), randomStep(random, kind)]);
  }
});

test('plans of any operations', () => {
  for (let seed = 0; seed < 100; seed++) {
    const random = randomFrom(seed);
    const kinds = Array.from({ length: 1 + random.below(60) }, () =>
      random.pick<OpKind>(['exec', ...opKinds]),
    );
    expectRoundTrip(kinds.map((kind) => randomStep(random, kind)));
  }
});

test('an image begins with its header, and its size is a multiple of eight', () => {
  const image = encodePlan([randomStep(randomFrom(1), 'exec')]);
  const view = new DataView(image.buffer);
  const words = Array.from({ length: headerSize / 4 }, (_, i) => view.getUint32(i * 4, true));
  expect(words).toEqual([magic, version, image.length, 1]);
  expect(image.length % 8).toBe(0);
});

test('a string that stands in many steps is written once', () => {
  const step = (path: string) => ({
    ...randomStep(randomFrom(1), 'workingFolder'),
    op: { kind: 'workingFolder', path } as const,
  });
  const long = '/folder'.repeat(100);
  const once = encodePlan([step(long), step('')]);
  const twice = encodePlan([step(long), step(long)]);
  expect(Math.abs(twice.length - once.length)).toBeLessThanOrEqual(8);
});

test('what is no plan is refused', () => {
  expect(() => decodePlan(new Uint8Array(16))).toThrow('not a plan');
});
