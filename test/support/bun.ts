/** The Bun that the project pins: it runs a TypeScript file as it stands, in a process of its own. */
import { createRequire } from 'node:module';

export function bunPath(): string {
  const platform = process.arch === 'arm64' ? 'aarch64' : 'x64';
  return createRequire(import.meta.url).resolve(`@oven/bun-linux-${platform}/bin/bun`);
}
