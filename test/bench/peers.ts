/** Whom runt is compared with. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { makeBundle, which } from './bundles.ts';

/** Programs by name: runt, and the peers of `folder`, or of PATH, that can run a container here; of the others is told. */
export function runtimesOf(stage: string, folder: string | undefined): Record<string, string> {
  const peer = (name: string): string =>
    folder && existsSync(join(folder, name)) ? join(folder, name) : which(name);
  const all = {
    runt: join(import.meta.dirname, '../../dist/runt'),
    runc: peer('runc'),
    crun: peer('crun'),
  };
  const bundle = makeBundle(stage, 'probe', ['true']);
  const runs = ([name, path]: [string, string]): boolean => {
    const words = [
      '--root',
      join(stage, `root-${name}`),
      'run',
      '--bundle',
      bundle,
      `probe-${name}`,
    ];
    const { status, stderr, error } = spawnSync(path, words, { encoding: 'utf8', stdio: 'pipe' });
    if (status === 0) return true;
    const said = error?.message ?? (stderr.trim() || `exit status ${status}`);
    const reason = `${name} cannot run a container here: ${said}`;
    if (name === 'runt') throw new Error(reason);
    console.log(`${reason}\n`);
    return false;
  };
  return Object.fromEntries(Object.entries(all).filter(runs));
}
