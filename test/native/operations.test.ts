/**
 * One table for both languages: what was generated from it is what stands in the tree, and C reads what TypeScript writes.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { encodePlan } from '../../src/plan/encode.ts';
import { opTable } from '../../src/plan/generated/ops.ts';
import { decodeAll, useSanitized } from '../support/native.ts';
import { knownPlans } from '../support/plans.ts';
import { randomFrom } from '../support/random.ts';
import { opKinds, randomStep } from '../support/random-steps.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

useSanitized();

test.each(['docs/operations.md', 'src/plan/generated/ops.ts'])('%s is up to date', (path) => {
  const folder = mkdtempSync(join(tmpdir(), 'runt-generate-'));
  try {
    execFileSync('node', [join(root, 'scripts/generate-ops.mjs'), folder]);
    expect(
      readFileSync(join(root, path), 'utf8'),
      'native/ops.def has changed: scripts/generate writes the files that are made from it',
    ).toBe(readFileSync(join(folder, path), 'utf8'));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('every row of ops.def is in the table, under a number of its own', () => {
  const rows = readFileSync(join(root, 'native/ops.def'), 'utf8').match(/^OP\(/gm) ?? [];
  const numbers = Object.values(opTable).map(({ number }) => number);
  expect(numbers).toHaveLength(rows.length);
  expect(new Set(numbers).size).toBe(rows.length);
  // 0 is what an empty image would hold, and a header has 16 bits for it
  expect(Math.min(...numbers)).toBeGreaterThan(0);
  expect(Math.max(...numbers)).toBeLessThan(2 ** 16);
});

test('the decoder accepts every known plan', () => {
  const images = Object.values(knownPlans).map((make) => encodePlan(make().steps));
  expect(decodeAll(images)).toEqual(images.map(() => 'accepted'));
});

test('the decoder accepts every operation with any arguments', () => {
  const images = opKinds.flatMap((kind) =>
    Array.from({ length: 20 }, (_, seed) => encodePlan([randomStep(randomFrom(seed), kind)])),
  );
  expect(decodeAll(images)).toEqual(images.map(() => 'accepted'));
});
