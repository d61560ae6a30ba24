/**
 * Writes the manual pages: dist/man/man8/. build-man.mjs FOLDER VERSION.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { manPages } from '../dist/lib/cli/man.js';

const [folder = '', version = ''] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
for (const { file, text } of await manPages('runt', version))
  writeFileSync(join(folder, file), text);
