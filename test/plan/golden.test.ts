/**
 * Plans as text, beside this file: a change of one is reviewed like a change of code. UPDATE_GOLDEN=1 writes them anew.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { planToText } from '../../src/plan/print.ts';
import { knownPlans } from '../support/plans.ts';

const folder = fileURLToPath(new URL('golden/', import.meta.url));

test.each(Object.entries(knownPlans))('%s', (name, make) => {
  const file = `${folder}${name}.txt`;
  const text = planToText(make());
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text);
  expect(
    text,
    'if the new plan is meant, write it with UPDATE_GOLDEN=1 and read the difference',
  ).toBe(readFileSync(file, 'utf8'));
});

test('no golden text is left over', () => {
  expect(readdirSync(folder).toSorted()).toEqual(
    Object.keys(knownPlans)
      .map((name) => `${name}.txt`)
      .toSorted(),
  );
});

test('planning the same config twice makes the same plan', () => {
  for (const make of Object.values(knownPlans)) expect(make()).toEqual(make());
});
