/**
 * runt passes every case; one that is not run says why. RUNTIME asks another runtime instead.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chapters } from './cases/index.ts';
import { cgroupParent, type Harness, openHarness } from './harness.ts';
import { endCgroup } from './stage.ts';

const root = join(import.meta.dirname, '../..');
const runtime = process.env['RUNTIME'] ?? join(root, 'dist/runt');
let harness: Harness;

beforeAll(() => {
  // a machine brings the program that the host has made
  if (process.env['RUNT_VM'] === undefined) {
    const made = spawnSync('make', ['-s', '-C', join(root, 'native'), 'probe'], {
      encoding: 'utf8',
    });
    expect(made.status, made.stderr).toBe(0);
  }
  harness = openHarness();
});

afterAll(() => {
  harness.end();
  endCgroup(cgroupParent);
});

for (const { title, cases } of chapters)
  describe(title, () => {
    for (const one of cases)
      test(`${one.section} ${one.level}: ${one.says}`, (context) => {
        const result = harness.run(one, runtime);
        if (result.is === 'skip') context.skip(result.why);
        else expect(result).toEqual({ is: 'pass' });
      });
  });
