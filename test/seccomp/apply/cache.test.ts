import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { filterCache } from '../../../src/seccomp/apply/cache.ts';

let folder: string;
let root: string;
const key = Buffer.from('a key');
const program = Uint8Array.from({ length: 64 }, (_, n) => n);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runt-test-cache-'));
  root = join(folder, 'root');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const files = () =>
  readdirSync(`${root}/@cache/seccomp`).map((name) => `${root}/@cache/seccomp/${name}`);
function onlyFile(): string {
  const [file, ...more] = files();
  if (file === undefined || more.length > 0) throw new Error('one file is expected');
  return file;
}
function kept() {
  const cache = filterCache(root);
  cache.keep(key, program);
  expect(cache.find(key)).toEqual(program);
  return cache;
}

test('keeps and finds, for nobody else to read', () => {
  expect(filterCache(root).find(key)).toBeUndefined();
  const cache = kept();
  expect(cache.find(Buffer.from('another'))).toBeUndefined();
  expect(statSync(onlyFile()).mode & 0o777).toBe(0o600);
  expect(statSync(`${root}/@cache`).mode & 0o777).toBe(0o700);
  expect(statSync(root).mode & 0o777).toBe(0o711);
});

test('a clash of names is a miss', () => {
  const cache = kept();
  const other = Buffer.from('b key');
  cache.keep(other, Uint8Array.of(1, 2));
  const [first = '', second = ''] = files();
  writeFileSync(first, readFileSync(second));
  const found = [cache.find(key), cache.find(other)].filter((one) => one !== undefined);
  expect(found).toHaveLength(1);
});

test.each([
  ['cut short', (bytes: Buffer) => bytes.subarray(0, -1)],
  ['empty', () => Buffer.alloc(0)],
  ['only a head', (bytes: Buffer) => bytes.subarray(0, 10)],
  ['zeros', (bytes: Buffer) => Buffer.alloc(bytes.length)],
  ['longer', (bytes: Buffer) => Buffer.concat([bytes, Buffer.of(0)])],
  ['one bit of the program', (bytes: Buffer) => flipped(bytes, bytes.length - 3)],
  ['one bit of the checksum', (bytes: Buffer) => flipped(bytes, 17)],
])('a damaged file is not there: %s', (_what, damage) => {
  const cache = kept();
  const file = onlyFile();
  writeFileSync(file, damage(readFileSync(file)));
  expect(cache.find(key)).toBeUndefined();
  cache.keep(key, program);
  expect(cache.find(key)).toEqual(program);
});

function flipped(bytes: Buffer, at: number): Buffer {
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  return bytes;
}

test.runIf(process.getuid?.() === 0)('what another could have written is not there', () => {
  const cache = kept();
  const file = onlyFile();
  chmodSync(file, 0o620);
  expect(cache.find(key)).toBeUndefined();
  chmodSync(file, 0o600);
  expect(cache.find(key)).toEqual(program);
  chownSync(file, 1000, 1000);
  expect(cache.find(key)).toBeUndefined();
  chownSync(file, 0, 0);
  chmodSync(`${root}/@cache`, 0o777);
  expect(cache.find(key)).toBeUndefined();
  chmodSync(`${root}/@cache`, 0o700);
  chownSync(`${root}/@cache/seccomp`, 1000, 1000);
  expect(cache.find(key)).toBeUndefined();
});

test('a link is not followed', () => {
  const cache = kept();
  const file = onlyFile();
  writeFileSync(join(folder, 'copy'), readFileSync(file), { mode: 0o600 });
  rmSync(file);
  symlinkSync(join(folder, 'copy'), file);
  expect(cache.find(key)).toBeUndefined();
});

test('where nothing can be kept, nothing happens', () => {
  writeFileSync(root, '');
  const cache = filterCache(root);
  cache.keep(key, program);
  expect(cache.find(key)).toBeUndefined();
});

test('the oldest make room', () => {
  const cache = filterCache(root);
  for (let n = 0; n < 70; n++) cache.keep(Buffer.from(`key ${n}`), program);
  expect(files().length).toBeLessThanOrEqual(64);
  expect(cache.find(Buffer.from('key 69'))).toEqual(program);
  expect(files().every((file) => existsSync(file) && !file.includes('.'))).toBe(true);
});
