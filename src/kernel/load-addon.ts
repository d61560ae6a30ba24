/**
 * Loads librunt: beside this program, or in the dist folder of a checkout or package. The executable has it inside
 * itself: its build puts src/engine/load-addon.ts in the place of this file.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Throws where there is none that this engine can load. */
export function loadAddon(): unknown {
  const module: { exports: unknown } = { exports: {} };
  process.dlopen(module, addonPath());
  return module.exports;
}

export function addonPath(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const built = join(here, '../../libexec/librunt.node');
  return existsSync(built) ? built : join(here, '../../dist/libexec/librunt.node');
}
