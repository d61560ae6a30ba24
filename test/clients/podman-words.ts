/**
 * The words with which Podman is called, and its configuration: all that it keeps is below the ground's folder.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ground } from './ground.ts';

export const parentOf = ({ name, systemd }: Ground): string =>
  systemd ? `${name}.slice` : `/${name}`;

/** Podman 5 warns of cgroup v1 with each call, where a container's own errors are looked for. */
export const quiet = 'PODMAN_IGNORE_CGROUPSV1_WARNING=1';

export interface PodmanWords {
  /** Where it keeps all. */
  readonly place: string;
  readonly storage: 'overlay' | 'vfs';
  readonly manager: 'systemd' | 'cgroupfs';
}

/** Before each subcommand. */
export function podmanWords(
  { folder, runtime, systemd }: Ground,
  { place, storage, manager }: PodmanWords = {
    place: `${folder}/podman`,
    storage: 'overlay',
    manager: systemd ? 'systemd' : 'cgroupfs',
  },
): string[] {
  const words = `env ${quiet} podman --root ${place}/root --runroot ${place}/run
    --tmpdir ${place}/tmp --storage-driver ${storage} --events-backend file
    --cgroup-manager ${manager} --runtime ${runtime.path}`;
  return words.split(/\s+/);
}

/** Some that any host can give. */
export const limits: string = `[containers]
default_ulimits = ["nofile=20000:20000", "nproc=2000:2000"]
`;

/** What the host's configuration says does not count. */
export function configure({ folder }: Ground): void {
  const text = `${limits}[engine]
runtime_supports_json = ["runt", "runc"]
`;
  mkdirSync('/etc/containers', { recursive: true });
  writeFileSync('/etc/containers/containers.conf', text);
  writeFileSync('/etc/containers/policy.json', '{"default": [{"type": "insecureAcceptAnything"}]}');
  mkdirSync(join(folder, 'podman'), { recursive: true });
}
