import { expect, test } from 'vitest';
import { renderError } from '../../src/base/render-error.ts';
import { failureOf, labelOf, labelsOf, type StepLabel } from '../../src/kernel/conversation.ts';
import type { Packet } from '../../src/kernel/kernel.ts';
import { opTable } from '../../src/plan/generated/ops.ts';
import { knownPlans } from '../support/plans.ts';

const label = (changes: Partial<StepLabel>): StepLabel => ({
  origin: '',
  doing: 'do it',
  explain: {},
  ...changes,
});

const from =
  (labels: readonly StepLabel[], first = 0) =>
  (step: number) =>
    labels[step - first];

const packet = (changes: Partial<Packet>): Packet => ({
  kind: 1,
  step: 0,
  op: opTable.moveMount.number,
  value: 1,
  descriptor: -1,
  detail: '',
  ...changes,
});

test("a failed step is told in the words of the user's config", () => {
  const labels = [label({}), label({ origin: 'mounts[3]', doing: 'mount tmpfs on /run/lock' })];
  const error = failureOf(packet({ step: 1 }), from(labels));
  expect(error).toMatchObject({
    code: 'step-failed',
    facts: { origin: 'mounts[3]', doing: 'mount tmpfs on /run/lock', errno: 'EPERM', step: 1 },
  });
  expect(renderError(error)).toMatch(
    /^error mounting mounts\[3\]: cannot mount tmpfs on \/run\/lock: /,
  );
});

test('where only the last labels were kept, they are found by their numbers', () => {
  const labels = [label({ doing: 'a' }), label({ doing: 'b' })];
  expect(failureOf(packet({ step: 41 }), from(labels, 40)).facts).toMatchObject({
    doing: 'b',
    step: 41,
  });
});

test('a step without a label is named by its operation', () => {
  const { facts } = failureOf(packet({ step: 9, op: 34 }), from([]));
  expect(facts).toMatchObject({ doing: 'run operation 34', origin: '' });
});

test("the plan's explanation of an errno comes before the kernel's words", () => {
  const labels = [label({ explain: { EINVAL: 'the ids are not mapped' } })];
  const detailOf = (value: number, detail: string) =>
    failureOf(packet({ value, detail }), from(labels)).facts;
  expect(detailOf(22, 'e kernel')).toMatchObject({ detail: 'the ids are not mapped' });
  expect(detailOf(1, 'e tmpfs: Bad value\nw more\n')).toMatchObject({
    detail: 'tmpfs: Bad value\nmore',
  });
});

test('a missing executable has an error of its own', () => {
  const labels = [label({ name: 'sh' })];
  const error = failureOf(packet({ op: opTable.findExecutable.number, value: 2 }), from(labels));
  expect(error).toMatchObject({
    code: 'executable-missing',
    facts: { name: 'sh', errno: 'ENOENT' },
  });
});

test.each([
  [1 << 8, 'exit status 1'],
  [255 << 8, 'exit status 255'],
  [9, 'signal 9'],
  [0x80 | 11, 'signal 11'],
  [-2, 'ENOENT'],
  [-110, 'it ran past its timeout and was killed'],
])('a hook that ended with %i: %s', (value, reason) => {
  const labels = [label({ origin: 'hooks.createContainer[2]' })];
  const error = failureOf(packet({ kind: 5, value, detail: 'its words\n' }), from(labels));
  expect(error).toMatchObject({
    code: 'hook-failed',
    facts: { stage: 'createContainer', index: 2, reason, output: 'its words\n' },
  });
});

test('every step of a plan has a label, and the executable its name', () => {
  const plan = knownPlans['default-config']?.();
  const labels = plan === undefined ? [] : plan.steps.map(labelOf);
  expect(labels.length).toBeGreaterThan(100);
  expect(plan && labels.map((_, step) => labelsOf(plan)(step))).toEqual(labels);
  expect(plan && labelsOf(plan)(labels.length)).toBeUndefined();
  expect(labels.filter(({ name }) => name !== undefined).map(({ name }) => name)).toEqual(['sh']);
});
