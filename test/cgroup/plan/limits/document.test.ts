/** docs/cgroups.md is the table that the code goes by. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { limitRules } from '../../../../src/cgroup/plan/limits/index.ts';
import { translations } from '../../../../src/cgroup/plan/limits/unified.ts';
import { bunPath } from '../../../support/bun.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const page = readFileSync(join(root, 'docs/cgroups.md'), 'utf8');

test('docs/cgroups.md is up to date', () => {
  const folder = mkdtempSync(join(tmpdir(), 'runt-generate-'));
  try {
    execFileSync(bunPath(), [join(root, 'scripts/generate-cgroups.ts'), folder]);
    expect(page, 'the table of limits has changed: scripts/generate writes the page').toBe(
      readFileSync(join(folder, 'docs/cgroups.md'), 'utf8'),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('every property and every translated file has its row', () => {
  for (const { property } of limitRules) expect(page).toContain(`| \`${property}\` |`);
  for (const file of Object.keys(translations)) expect(page).toContain(`| \`${file}\` |`);
});
