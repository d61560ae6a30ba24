/**
 * Bundles for the end-to-end cases: what `spec` writes, without a terminal, on a root made of busybox.
 */
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config, Linux, Mount, Namespace, Process } from '../../src/bundle/config.ts';
import { defaultConfig } from '../../src/bundle/default-config.ts';

/** As `spec` writes it, with the parts that it always has, and open to changes. */
export type TestConfig = Mutable<Config> & {
  process: Mutable<Process> & { args: string[]; env: string[]; user: { uid: number; gid: number } };
  linux: Mutable<Linux> & { namespaces: Namespace[]; maskedPaths: string[] };
  mounts: Mount[];
  root: { path: string; readonly?: boolean };
};

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export type Change = (config: TestConfig) => void;

const applets =
  `sh cat ls id env echo sleep true false mount umount mkdir touch stat hostname grep head tail kill
  readlink dd mknod nc ps wc test printf pwd stty tty trap chmod chown ip sysctl cut seq rm ln df awk sed dnsdomainname
  setsid nohup timeout usleep sort tr sync mountpoint`.split(/\s+/);

export function makeRootfs(folder: string): void {
  for (const name of ['bin', 'dev', 'etc', 'home/user', 'proc', 'root', 'sys', 'tmp'])
    mkdirSync(join(folder, name), { recursive: true });
  copyFileSync('/bin/busybox', join(folder, 'bin/busybox'));
  for (const applet of applets) symlinkSync('busybox', join(folder, 'bin', applet));
  writeFileSync(
    join(folder, 'etc/passwd'),
    'root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000::/home/user:/bin/sh\n',
  );
}

/** Runs `script` in the container's shell. */
export const sh =
  (script: string): Change =>
  (config) => {
    config.process.args = ['sh', '-c', script];
  };

export const setArgs =
  (...args: string[]): Change =>
  (config) => {
    config.process.args = args;
  };

export const addMount =
  (...mounts: Mount[]): Change =>
  (config) => {
    config.mounts = [...config.mounts, ...mounts];
  };

/** Without these kinds of namespace, which are then the host's. */
export const without =
  (...types: string[]): Change =>
  (config) => {
    config.linux.namespaces = config.linux.namespaces.filter(({ type }) => !types.includes(type));
  };

/** A namespace of this kind, in place of the one that `spec` has. */
export const namespace =
  (type: Namespace['type'], path?: string): Change =>
  (config) => {
    without(type)(config);
    config.linux.namespaces = [...config.linux.namespaces, { type, ...(path && { path }) }];
  };

export function makeConfig(...changes: readonly Change[]): TestConfig {
  const config = structuredClone(defaultConfig({ cgroupV2: false })) as TestConfig;
  config.process.terminal = false;
  // all that the cases print is about the container, not about the rights of a shell
  for (const change of changes) change(config);
  return config;
}

export function writeConfig(bundle: string, config: unknown): void {
  writeFileSync(join(bundle, 'config.json'), JSON.stringify(config, null, 2));
}
