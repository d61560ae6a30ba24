/**
 * The walk that stands in for openat2(2): random paths through a tree of symlinks that climb, loop and lead nowhere
 * reach the same file as by the kernel's own call, or fail in the same way.
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compareWalks, useSanitized } from '../support/native.ts';

useSanitized();

function makeTree(root: string): void {
  const folders = ['', 'a', 'b', 'a/a', 'a/b', 'a/c', 'b/a', 'b/c', 'a/a/b'];
  for (const folder of folders) {
    const at = (name: string) => join(root, folder, name);
    mkdirSync(join(root, folder), { recursive: true });
    symlinkSync(folder === 'a/c' ? `${'../'.repeat(12)}etc` : '../..', at('up'));
    symlinkSync(folder === 'b/c' ? '/a/file' : '/a/b', at('abs'));
    symlinkSync('loop', at('loop'));
    writeFileSync(at('file'), '');
  }
  symlinkSync('b/../a/./up/', join(root, 'c'));
}

test.each([1, 2, 3])('is openat2, path by path (seed %d)', (seed) => {
  const root = mkdtempSync(join(tmpdir(), 'walk-'));
  try {
    makeTree(root);
    expect(compareWalks(root, seed, 50_000)).toBe('the same');
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
