/** Bundles to be timed: what `runc spec` writes, which all runtimes take, with busybox as the program, and a change. */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config, Hook, Mount } from '../../src/bundle/config.ts';
import { engineLike } from '../support/seccomp-profiles.ts';

export type Change = (config: MutableConfig) => void;
/** As JSON has it. */
type MutableConfig = { -readonly [Name in keyof Config]: Config[Name] };

export const which = (name: string): string =>
  execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();

/** `args` of the container's program; answers the bundle's folder. */
export function makeBundle(
  folder: string,
  name: string,
  args: readonly string[],
  change: Change = () => {},
): string {
  const bundle = join(folder, name);
  // mount points are there as in an image: in a user namespace nobody could make them
  for (const place of ['bin', 'proc', 'dev', 'sys', 'mnt'])
    mkdirSync(join(bundle, 'rootfs', place), { recursive: true });
  // whoever is root in a user namespace has to come here, too
  chmodSync(folder, 0o755);
  for (const program of ['busybox', 'true', 'sleep'])
    copyFileSync(which('busybox'), join(bundle, 'rootfs/bin', program));
  execFileSync('runc', ['spec', '--bundle', bundle]);
  const path = join(bundle, 'config.json');
  const config: MutableConfig = JSON.parse(readFileSync(path, 'utf8'));
  config.process = { ...config.process, cwd: '/', terminal: false, args: [...args] };
  change(config);
  writeFileSync(path, JSON.stringify(config));
  return bundle;
}

export const withSeccomp: Change = (config) => {
  config.linux = { ...config.linux, seccomp: engineLike };
};

const mapping = [{ containerID: 0, hostID: 100_000, size: 65_536 }];

export const withUserNamespace: Change = (config) => {
  config.linux = {
    ...config.linux,
    namespaces: [...(config.linux?.namespaces ?? []), { type: 'user' }],
    uidMappings: mapping,
    gidMappings: mapping,
  };
};

export const withMounts =
  (count: number): Change =>
  (config) => {
    const more = Array.from({ length: count }, (_, index): Mount => ({
      destination: `/mnt/${index}`,
      type: 'tmpfs',
      source: 'tmpfs',
      options: ['nosuid', 'size=4k'],
    }));
    config.mounts = [...(config.mounts ?? []), ...more];
    // the folders have to be made
    config.root = { ...config.root, readonly: false };
  };

export const withEnvironment =
  (count: number): Change =>
  (config) => {
    const more = Array.from({ length: count }, (_, index) => `VARIABLE_${index}=some value`);
    config.process = {
      ...config.process,
      cwd: '/',
      env: [...(config.process?.env ?? []), ...more],
    };
  };

export const withHooks =
  (count: number): Change =>
  (config) => {
    const hooks = Array.from({ length: count }, (): Hook => ({ path: '/bin/true' }));
    config.hooks = { createRuntime: hooks };
  };

export const withDeviceRules =
  (count: number): Change =>
  (config) => {
    const devices = Array.from({ length: count }, (_, index) => ({
      allow: true,
      type: 'c' as const,
      major: 10,
      minor: index,
      access: 'rw',
    }));
    config.linux = {
      ...config.linux,
      resources: { devices: [{ allow: false, access: 'rwm' }, ...devices] },
    };
  };
