/**
 * A folder of its own for a test, removed afterwards.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'runt-bundle-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}
