import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { isRuntError } from '../../src/base/errors.ts';
import { defaultConfig, defaultConfigText } from '../../src/bundle/default-config.ts';
import { examineBundle, loadBundle } from '../../src/bundle/load.ts';
import { fullConfig } from './full-config.ts';
import { temporaryFolder } from './temporary-folder.ts';

function bundle(config: unknown, rootfs = 'rootfs'): string {
  const folder = temporaryFolder();
  const text = typeof config === 'string' ? config : JSON.stringify(config);
  writeFileSync(join(folder, 'config.json'), text);
  if (rootfs !== '') mkdirSync(join(folder, rootfs));
  return folder;
}

function errorOf(act: () => unknown): { code: string; facts: unknown } {
  try {
    act();
  } catch (error) {
    if (isRuntError(error)) return { code: error.code, facts: error.facts };
    throw error;
  }
  throw new Error('nothing was refused');
}

const places = (folder: string): string[] =>
  examineBundle(folder).map(({ code, pointer }) => `${code} ${pointer}`);

test('a sound bundle', () => {
  const text = defaultConfigText({ cgroupV2: false });
  const folder = bundle(text);
  const loaded = loadBundle(relative(process.cwd(), folder));
  expect(loaded).toEqual({ path: folder, config: defaultConfig({ cgroupV2: false }), text });
  expect(examineBundle(folder)).toEqual([]);
});

test('a bundle that uses everything', () => {
  expect(examineBundle(bundle(fullConfig))).toEqual([]);
});

test('no folder, no config', () => {
  const folder = temporaryFolder();
  const missing = join(folder, 'a');
  expect(errorOf(() => loadBundle(missing))).toEqual({
    code: 'bundle-missing',
    facts: { path: missing, what: 'folder' },
  });
  expect(errorOf(() => examineBundle(folder))).toEqual({
    code: 'bundle-missing',
    facts: { path: folder, what: 'config' },
  });
  const file = join(bundle('{}'), 'config.json');
  expect(errorOf(() => loadBundle(file))).toMatchObject({ facts: { what: 'folder' } });
});

test('a config that cannot be read, or is not JSON', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'config.json'));
  expect(errorOf(() => loadBundle(folder))).toEqual({
    code: 'system-call',
    facts: { doing: `read ${join(folder, 'config.json')}`, errno: 'EISDIR' },
  });
  const broken = bundle('{\n"ociVersion" 1}');
  expect(errorOf(() => examineBundle(broken))).toMatchObject({
    code: 'json-syntax',
    facts: { path: join(broken, 'config.json'), line: 2, column: 14 },
  });
});

test.each(['', 'file'])('the root filesystem must be a folder (%j)', (rootfs) => {
  const folder = bundle(defaultConfig({ cgroupV2: false }), rootfs);
  if (rootfs === '') writeFileSync(join(folder, 'rootfs'), '');
  expect(places(folder)).toEqual(['root-missing /root/path']);
});

test('findings of the schema, of the rules and of the disk come at once', () => {
  const config = {
    ...defaultConfig({ cgroupV2: false }),
    ociVersion: '9.0.0',
    annotations: { a: 1 },
    hooks: { poststop: [{ path: 'a' }], prestart: [{}] },
    process: { cwd: 'a', args: [], env: [1] },
  };
  const folder = bundle(config, '');
  const expected = [
    'oci-version /ociVersion',
    'hook-path /hooks/poststop/0/path',
    'process-args /process/args',
    'process-cwd /process/cwd',
    'root-missing /root/path',
    'schema/required /hooks/prestart/0/path',
    'schema/type /annotations/a',
    'schema/type /process/env/0',
  ];
  expect(places(folder).sort()).toEqual(expected.sort());
  const { code, facts } = errorOf(() => loadBundle(folder));
  expect(code).toBe('bundle-invalid');
  expect(facts).toEqual({ path: folder, findings: examineBundle(folder) });
});

test.each([
  [{ root: { path: 1 } }, ['schema/type /root/path']],
  [{ root: undefined }, ['schema/required /root']],
  [{ ociVersion: 1 }, ['schema/type /ociVersion']],
  [{ linux: 1 }, ['schema/type /linux']],
  [{ linux: { namespaces: [{ type: 'utz' }] } }, ['schema/enum /linux/namespaces/0/type']],
  [{ process: { args: ['a'] } }, ['schema/required /process/cwd']],
  [{ process: [] }, ['schema/type /process']],
])('a fault of %j hides nothing and is not reported twice', (change, expected) => {
  expect(places(bundle({ ...defaultConfig({ cgroupV2: false }), ...change }))).toEqual(expected);
});

test('a document that is no object', () => {
  expect(places(bundle('[]'))).toEqual(['schema/type ']);
});
