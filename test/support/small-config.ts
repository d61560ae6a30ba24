/** A config that is not more than a config must be. */
import type { Config, Namespace } from '../../src/bundle/config.ts';

/** Small enough that what a test adds to it stands out. */
export function smallConfig(changes: Partial<Config> = {}): Config {
  return {
    ociVersion: '1.3.0',
    root: { path: 'rootfs' },
    process: { cwd: '/', args: ['/bin/true'], user: { uid: 0, gid: 0 }, env: ['HOME=/root'] },
    linux: { namespaces: namespaces('mount', 'pid') },
    ...changes,
  };
}

export const namespaces = (...types: Namespace['type'][]): Namespace[] =>
  types.map((type) => ({ type }));
