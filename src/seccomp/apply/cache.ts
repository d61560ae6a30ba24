/**
 * Programs that were compiled before, in a folder of the runtime's root: with one of them no library is loaded.
 *
 * A file holds the whole key beside the program, so that a clash of names is a miss and never another one's filter.
 * What is damaged, or could have been written by anybody else, counts as not there.
 */
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { fingerprint } from '../../kernel/librunt.ts';

export interface FilterCache {
  find(key: Uint8Array): Uint8Array | undefined;
  /** Keeps a program; where that cannot be, nothing happens. */
  keep(key: Uint8Array, program: Uint8Array): void;
}

const magic = 0x50435352;
const headSize = 24;
/** A host has a handful of profiles; whoever makes one for each container must not fill the root. */
const mostFiles = 64;

/** Below `root`, in a folder whose name can be no container's. */
export function filterCache(root: string): FilterCache {
  const folders = [`${root}/@cache`, `${root}/@cache/seccomp`];
  const folder = `${root}/@cache/seccomp`;
  const pathOf = (key: Uint8Array) => `${folder}/${fingerprint(key).toString(16)}`;
  return {
    find(key) {
      try {
        return folders.every(isOurs) ? parse(readOurs(pathOf(key)), key) : undefined;
      } catch {
        return undefined;
      }
    },
    keep(key, program) {
      try {
        mkdirSync(root, { recursive: true, mode: 0o711 });
        for (const path of folders) mkdirSync(path, { recursive: true, mode: 0o700 });
        if (!folders.every(isOurs)) return;
        makeRoom(folder);
        const path = pathOf(key);
        const mine = `${path}.${process.pid}`;
        writeFileSync(mine, serialise(key, program), { mode: 0o600 });
        renameSync(mine, path);
      } catch {
        // a full or read-only disk: it is compiled again the next time
      }
    },
  };
}

const foreignBits = constants.S_IWGRP | constants.S_IWOTH;

function isOurs(path: string): boolean {
  const { uid, mode } = lstatSync(path);
  return (
    uid === process.geteuid?.() &&
    (mode & foreignBits) === 0 &&
    (mode & constants.S_IFMT) === constants.S_IFDIR
  );
}

function readOurs(path: string): Uint8Array {
  const descriptor = openSync(
    path,
    constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
  );
  try {
    const { uid, mode, size } = fstatSync(descriptor);
    const isFile = (mode & constants.S_IFMT) === constants.S_IFREG;
    if (uid !== process.geteuid?.() || (mode & foreignBits) !== 0 || !isFile)
      return new Uint8Array();
    const bytes = new Uint8Array(size);
    return bytes.subarray(0, readSync(descriptor, bytes));
  } finally {
    closeSync(descriptor);
  }
}

/** Magic, the key's and the program's length, a zero, the checksum of what follows; then the two. */
function serialise(key: Uint8Array, program: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(headSize + key.length + program.length);
  bytes.set(key, headSize);
  bytes.set(program, headSize + key.length);
  const head = new DataView(bytes.buffer);
  head.setUint32(0, magic, true);
  head.setUint32(4, key.length, true);
  head.setUint32(8, program.length, true);
  head.setFloat64(16, fingerprint(bytes.subarray(headSize)), true);
  return bytes;
}

function parse(bytes: Uint8Array, key: Uint8Array): Uint8Array | undefined {
  if (bytes.length < headSize) return undefined;
  const head = new DataView(bytes.buffer, bytes.byteOffset);
  const keyEnd = headSize + key.length;
  if (
    head.getUint32(0, true) !== magic ||
    head.getUint32(4, true) !== key.length ||
    keyEnd + head.getUint32(8, true) !== bytes.length ||
    head.getFloat64(16, true) !== fingerprint(bytes.subarray(headSize)) ||
    textOf(bytes.subarray(headSize, keyEnd)) !== textOf(key)
  )
    return undefined;
  return bytes.subarray(keyEnd);
}

/** Two texts are compared faster than their bytes. */
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** The oldest go. */
function makeRoom(folder: string): void {
  const names = readdirSync(folder);
  if (names.length < mostFiles) return;
  const ages = names.map((name) => ({ name, age: statSync(`${folder}/${name}`).mtimeMs }));
  for (const { name } of ages.sort((a, b) => a.age - b.age).slice(0, mostFiles / 2))
    unlinkSync(`${folder}/${name}`);
}
