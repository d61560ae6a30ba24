/** A traced plan is the same plan, with stamps. */
import { expect, it } from 'vitest';
import { planContainer } from '../../src/plan/container.ts';
import { timedSteps } from '../../src/plan/timeline.ts';
import type { Step } from '../../src/plan/plan.ts';
import { inputOf, knownPlans, smallConfig } from '../support/plans.ts';

const isNote = ({ op }: Step): boolean => op.kind === 'stamp' || op.kind === 'timeline';

const filter = { flags: 0, program: Uint32Array.of(6, 0x7fff_0000) };
const plan = (traced: boolean, changes = {}) =>
  planContainer({ ...inputOf(smallConfig(), { waitsForStart: false, ...changes }), traced });

it('no other plan asks for the time', () => {
  for (const [name, make] of Object.entries(knownPlans))
    if (!name.startsWith('traced-')) expect(make().steps.filter(isNote), name).toEqual([]);
});

it('has the steps of the plan that is not traced, and a stamp behind each but the exec', () => {
  const [traced, plain] = [plan(true), plan(false)];
  const [first] = traced.steps;
  expect(first?.op).toEqual({ kind: 'timeline', memory: 0 });
  expect(traced.handed).toEqual(['timeline']);
  // one slot more is taken, so that later ones have other numbers
  const kinds = (steps: readonly Step[]) => steps.map(({ op, doing }) => [op.kind, doing]);
  expect(kinds(traced.steps.filter((step) => !isNote(step)))).toEqual(kinds(plain.steps));
  expect(traced.steps.filter(({ op }) => op.kind === 'stamp')).toHaveLength(plain.steps.length - 1);
});

it('numbers steps as the plan that is not traced does', () => {
  const timed = timedSteps(plan(true).steps);
  const plain = plan(false).steps;
  expect(timed).toHaveLength(plain.length - 1);
  for (const { step, doing, operation, origin } of timed)
    expect(plain[step]).toMatchObject({ doing, origin, op: { kind: operation } });
});

it('notes nothing once a filter may forbid it', () => {
  const { steps } = plan(true, { filter });
  const at = steps.findIndex(({ op }) => op.kind === 'seccomp');
  expect(at).toBeGreaterThan(0);
  expect(steps.slice(at).filter(isNote)).toEqual([]);
  expect(timedSteps(steps).at(-1)?.step).toBeLessThan(
    steps.filter((step) => !isNote(step)).findIndex(({ op }) => op.kind === 'seccomp'),
  );
});

it('leaves the other slots where the runtime puts them', () => {
  const { handed, steps } = plan(true, { waitsForStart: true });
  expect(handed).toEqual(['startListener', 'timeline']);
  expect(steps[0]?.op).toEqual({ kind: 'timeline', memory: 1 });
  expect(steps.find(({ op }) => op.kind === 'awaitStart')?.op).toMatchObject({ listener: 0 });
});
