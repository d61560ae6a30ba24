/**
 * Where librunt is: beside the engine, or in the dist folder of a checkout or package. The executable's build puts
 * src/engine/addon-path.ts in the place of this file.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export function addonPath(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const beside = join(dirname(process.execPath), 'librunt.node');
  const candidates = [
    beside,
    join(here, '../../libexec/librunt.node'),
    join(here, '../../dist/libexec/librunt.node'),
  ];
  return candidates.find((path) => existsSync(path)) ?? beside;
}
