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

/** Before each subcommand. */
export function podmanWords(ground: Ground): string[] {
  const { folder, runtime, systemd } = ground;
  const words = `env ${quiet} podman --root ${folder}/podman/root --runroot ${folder}/podman/run
    --tmpdir ${folder}/podman/tmp --storage-driver overlay --events-backend file
    --cgroup-manager ${systemd ? 'systemd' : 'cgroupfs'} --runtime ${runtime.path}`;
  return words.split(/\s+/);
}

/** Some that any host can give. */
export const limits: string = `[containers]
default_ulimits = ["nofile=20000:20000", "nproc=32768:32768"]
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
