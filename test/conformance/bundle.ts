/**
 * A bundle for one case: the default config without a terminal, the probe as its program, and the case's change.
 */
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultConfig } from '../../src/bundle/default-config.ts';
import { namesOf } from '../../src/bundle/finding.ts';
import type { Change, World } from './case.ts';

export const probe: string = join(import.meta.dirname, '../../native/build/probe');

export function makeBundle(world: World, ask: readonly string[], change: Change): void {
  writeConfig(world, ask, change);
}

/** What every case starts from. Folders of an image, and the probe under the name that PATH finds. */
export function makeRootfs({ rootfs, outside }: World): void {
  for (const folder of ['bin', 'etc', 'proc', 'sys', 'dev', 'tmp', 'mnt', 'data'])
    mkdirSync(join(rootfs, folder), { recursive: true });
  mkdirSync(outside, { recursive: true });
  copyFileSync(probe, join(rootfs, 'bin/probe'));
  symlinkSync('probe', join(rootfs, 'bin/linked'));
  writeFileSync(join(rootfs, 'etc/file'), 'text\n');
  writeFileSync(join(outside, 'file'), 'outside\n');
}

export function writeConfig(world: World, ask: readonly string[], change: Change): void {
  const document: unknown = structuredClone(defaultConfig({ cgroupV2: false }));
  const first: Change = {
    // what the oldest of the peers accepts
    '/ociVersion': '1.0.2',
    '/process/terminal': false,
    '/process/noNewPrivileges': false,
    '/process/args': ['/bin/probe', ...ask],
    '/root/readonly': false,
    '/linux/cgroupsPath': world.cgroup,
    '/hostname': 'conformance',
  };
  for (const [pointer, value] of Object.entries({ ...first, ...change }))
    put(document, namesOf(pointer), value);
  writeFileSync(join(world.bundle, 'config.json'), JSON.stringify(document));
}

function put(document: unknown, names: readonly string[], value: unknown): void {
  const [name = '', ...rest] = names;
  if (typeof document !== 'object' || document === null) throw new Error(`no object at ${name}`);
  if (rest.length === 0) {
    if (Array.isArray(document) && name === '-') document.push(value);
    else if (value === undefined) Reflect.deleteProperty(document, name);
    else Reflect.set(document, name, value);
    return;
  }
  if (Reflect.get(document, name) === undefined)
    Reflect.set(document, name, rest[0] === '-' || rest[0] === '0' ? [] : {});
  put(Reflect.get(document, name), rest, value);
}
