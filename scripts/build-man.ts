/**
 * Writes the manual pages: dist/man/man8/. Run by Bun: FOLDER VERSION.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { manPages } from '../src/cli/man.ts';

const [folder = '', version = ''] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
for (const { file, text } of await manPages('runt', version))
  writeFileSync(join(folder, file), text);
