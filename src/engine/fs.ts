/**
 * node:fs for the executable: of it, what runt uses, by librunt. The engine's own is a library of JavaScript that is
 * read at run time, which took a sixth of a short command.
 *
 * A failure is an error with the kernel's `code`, as there. Descriptors are close-on-exec, as there.
 */
import { errnoName } from '../base/errno-text.ts';
import { librunt } from '../kernel/librunt.ts';

/** asm-generic/fcntl.h and its sisters, linux/stat.h, unistd.h */
type ConstantName =
  | `O_${'RDONLY' | 'WRONLY' | 'CREAT' | 'EXCL' | 'TRUNC' | 'APPEND' | 'NONBLOCK' | 'DIRECTORY' | 'NOFOLLOW'}`
  | `S_${'IFMT' | 'IFDIR' | 'IFREG' | 'IWGRP' | 'IWOTH'}`
  | `${'F' | 'R' | 'W' | 'X'}_OK`;

export const constants: Readonly<Record<ConstantName, number>> = {
  O_RDONLY: 0,
  O_WRONLY: 0o1,
  O_CREAT: 0o100,
  O_EXCL: 0o200,
  O_TRUNC: 0o1000,
  O_APPEND: 0o2000,
  O_NONBLOCK: 0o4000,
  // two of arm64's numbers are its own
  O_DIRECTORY: process.arch === 'arm64' ? 0o40000 : 0o200000,
  O_NOFOLLOW: process.arch === 'arm64' ? 0o100000 : 0o400000,
  S_IFMT: 0o170000,
  S_IFDIR: 0o040000,
  S_IFREG: 0o100000,
  S_IWGRP: 0o020,
  S_IWOTH: 0o002,
  F_OK: 0,
  X_OK: 1,
  W_OK: 2,
  R_OK: 4,
};

function failed(result: number, call: string, subject: string): Error {
  const code = errnoName(-result);
  return Object.assign(new Error(`${code}: ${call} ${subject}`), { code });
}

function check(result: number, call: string, subject: string | number): number {
  if (result < 0) throw failed(result, call, String(subject));
  return result;
}

const openFlags: Readonly<Record<string, number>> = {
  r: constants.O_RDONLY,
  w: constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC,
  wx: constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL,
  a: constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND,
};

export function openSync(path: string, flags: number | string, mode = 0o666): number {
  const bits = typeof flags === 'number' ? flags : openFlags[flags];
  if (bits === undefined) throw new TypeError(`no such flags: ${flags}`);
  return check(librunt().open(path, bits, mode), 'open', path);
}

export function closeSync(descriptor: number): void {
  check(librunt().close(descriptor), 'close', descriptor);
}

export function readSync(
  descriptor: number,
  bytes: Uint8Array,
  offset = 0,
  length: number = bytes.length - offset,
  position: number | null = null,
): number {
  const place = bytes.subarray(offset, offset + length);
  return check(librunt().read(descriptor, place, position ?? -1), 'read', descriptor);
}

export function writeSync(
  descriptor: number,
  data: string | Uint8Array,
  offset = 0,
  length?: number,
): number {
  if (typeof data === 'string')
    return check(librunt().writeText(descriptor, data), 'write', descriptor);
  const part = data.subarray(offset, length === undefined ? data.length : offset + length);
  return check(librunt().write(descriptor, part), 'write', descriptor);
}

export function readFileSync(path: string): Uint8Array;
export function readFileSync(path: string, encoding: 'utf8' | 'latin1'): string;
export function readFileSync(path: string, encoding?: 'utf8' | 'latin1'): string | Uint8Array {
  if (encoding === undefined) return readBytes(path);
  const text = librunt().readText(path, encoding === 'latin1' ? 1 : 0);
  if (typeof text === 'number') throw failed(text, 'read', path);
  return text;
}

function readBytes(path: string): Uint8Array {
  const descriptor = openSync(path, constants.O_RDONLY);
  try {
    let bytes = new Uint8Array(65_536);
    for (let at = 0; ;) {
      const got = readSync(descriptor, bytes, at);
      if (got === 0) return bytes.subarray(0, at);
      at += got;
      if (at < bytes.length) continue;
      const larger = new Uint8Array(bytes.length * 2);
      larger.set(bytes);
      bytes = larger;
    }
  } finally {
    closeSync(descriptor);
  }
}

export function writeFileSync(
  path: string,
  data: string | Uint8Array,
  { flag = 'w', mode = 0o666 }: { readonly flag?: string; readonly mode?: number } = {},
): void {
  const descriptor = openSync(path, flag, mode);
  try {
    const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
    for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
  } finally {
    closeSync(descriptor);
  }
}

interface FolderOptions {
  readonly recursive?: boolean;
  readonly mode?: number;
}

export function mkdirSync(path: string, options: number | FolderOptions = {}): void {
  const { recursive = false, mode = 0o777 } =
    typeof options === 'number' ? { mode: options } : options;
  const result = librunt().makeFolder(path, mode);
  if (result >= 0) return;
  const code = errnoName(-result);
  if (!recursive) throw failed(result, 'mkdir', path);
  if (code === 'EEXIST' && statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  const parent = path.slice(0, path.lastIndexOf('/'));
  if (code !== 'ENOENT' || parent === '') throw failed(result, 'mkdir', path);
  mkdirSync(parent, { recursive, mode });
  mkdirSync(path, { recursive, mode });
}

export function rmdirSync(path: string): void {
  check(librunt().removeFolder(path), 'rmdir', path);
}

export function unlinkSync(path: string): void {
  check(librunt().unlink(path), 'unlink', path);
}

/** Of a file; with `force` one that is not there is no failure. */
export function rmSync(path: string, { force = false }: { readonly force?: boolean } = {}): void {
  const result = librunt().unlink(path);
  if (!force || errnoName(-result) !== 'ENOENT') check(result, 'unlink', path);
}

export function renameSync(from: string, to: string): void {
  check(librunt().rename(from, to), 'rename', from);
}

export function chownSync(path: string, uid: number, gid: number): void {
  check(librunt().own(path, uid, gid), 'chown', path);
}

export function chmodSync(path: string, mode: number): void {
  check(librunt().allow(path, mode), 'chmod', path);
}

export const existsSync = (path: string): boolean => librunt().access(path, constants.F_OK) >= 0;

export function accessSync(path: string, mode: number = constants.F_OK): void {
  check(librunt().access(path, mode), 'access', path);
}

export interface Status {
  readonly mode: number;
  readonly uid: number;
  readonly size: number;
  readonly ino: number;
  readonly dev: number;
  readonly mtimeMs: number;
  isDirectory(): boolean;
}

function statusOf([
  mode = 0,
  uid = 0,
  size = 0,
  ino = 0,
  dev = 0,
  mtimeMs = 0,
]: Float64Array): Status {
  const isDirectory = () => (mode & constants.S_IFMT) === constants.S_IFDIR;
  return { mode, uid, size, ino, dev, mtimeMs, isDirectory };
}

function status(path: string, follow: boolean): Status | number {
  const told = new Float64Array(6);
  const result = librunt().status(path, follow ? 1 : 0, told);
  return result < 0 ? result : statusOf(told);
}

export function statSync(path: string): Status;
export function statSync(
  path: string,
  options: { readonly throwIfNoEntry: boolean },
): Status | undefined;
export function statSync(path: string, { throwIfNoEntry = true } = {}): Status | undefined {
  const found = status(path, true);
  if (typeof found !== 'number') return found;
  if (!throwIfNoEntry && errnoName(-found) === 'ENOENT') return undefined;
  throw failed(found, 'stat', path);
}

export function lstatSync(path: string): Status {
  const found = status(path, false);
  if (typeof found === 'number') throw failed(found, 'lstat', path);
  return found;
}

export function fstatSync(descriptor: number): Status {
  const told = new Float64Array(6);
  check(librunt().statusOfOpen(descriptor, told), 'fstat', descriptor);
  return statusOf(told);
}

interface Entry {
  readonly name: string;
  isDirectory(): boolean;
}

export function readdirSync(path: string): string[];
export function readdirSync(path: string, options: { readonly withFileTypes: true }): Entry[];
export function readdirSync(
  path: string,
  options?: { readonly withFileTypes: true },
): string[] | Entry[] {
  const found = librunt().list(path);
  if (typeof found === 'number') throw failed(found, 'read the folder', path);
  const entries: Entry[] = [];
  for (let i = 0; i < found.length; i += 2) {
    const folds = found[i + 1] === true;
    entries.push({ name: String(found[i]), isDirectory: () => folds });
  }
  return options === undefined ? entries.map(({ name }) => name) : entries;
}

export function realpathSync(path: string): string {
  const real = librunt().realPath(path);
  if (typeof real === 'number') throw failed(real, 'resolve', path);
  return real;
}
