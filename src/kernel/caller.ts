/**
 * Who called us, and how: the record that the launcher wrote before the engine changed anything.
 *
 * Without a launcher (plain Node: the library, the tests, bin/runt) only part of it can still be known: the
 * environment and the umask. Ignored signals and the soft limit on open files are then the engine's.
 */
import { closeSync, fstatSync, readFileSync, readSync } from 'node:fs';
import type { CallerTraits } from '../plan/input.ts';

export interface Caller {
  /** argv[0] as the caller wrote it. */
  readonly invokedAs: string;
  readonly env: Readonly<Record<string, string>>;
  readonly traits: CallerTraits;
  /** Whether a descriptor was open before the engine opened its own. */
  readonly gave: (descriptor: number) => boolean;
}

const recordMagic = 0x4c4c4143;
const headSize = 48;
const noted = 1024;
const infinity = 0xffff_ffff_ffff_ffffn;

/** Reads the record from the descriptor that RUNT_CALLER names, and closes it. */
export function readCaller(environment: Readonly<Record<string, string | undefined>>): Caller {
  const descriptor = Number(environment['RUNT_CALLER'] ?? '');
  if (environment['RUNT_CALLER'] === undefined || !Number.isSafeInteger(descriptor))
    return unrecordedCaller(environment);
  const record = readAll(descriptor);
  closeSync(descriptor);
  if (record.length < headSize + noted / 8 || record.readUInt32LE(0) !== recordMagic)
    return unrecordedCaller(environment);
  return parseRecord(record);
}

function readAll(descriptor: number): Buffer {
  const bytes = Buffer.alloc(fstatSync(descriptor).size);
  let at = 0;
  for (let got = 1; got > 0 && at < bytes.length; at += got)
    got = readSync(descriptor, bytes, at, bytes.length - at, at);
  return bytes;
}

/** struct record of native/launcher/launcher.c */
function parseRecord(record: Buffer): Caller {
  const limit = (at: number): number => {
    const value = record.readBigUInt64LE(at);
    return value === infinity ? Number.POSITIVE_INFINITY : Number(value);
  };
  const open = record.subarray(headSize, headSize + noted / 8);
  const texts = headSize + noted / 8;
  const nameEnd = texts + record.readUInt32LE(40);
  const entries = record.toString('utf8', nameEnd, nameEnd + record.readUInt32LE(44)).split('\0');
  return {
    invokedAs: record.toString('utf8', texts, nameEnd - 1),
    env: Object.fromEntries(
      entries
        .filter((entry) => entry.includes('='))
        .map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
    ),
    traits: {
      umask: record.readUInt32LE(4),
      ignored: record.readBigUInt64LE(8),
      blocked: record.readBigUInt64LE(16),
      nofile: { soft: limit(24), hard: limit(32) },
    },
    gave: (descriptor) =>
      descriptor < noted && ((open[descriptor >> 3] ?? 0) & (1 << (descriptor & 7))) !== 0,
  };
}

function unrecordedCaller(environment: Readonly<Record<string, string | undefined>>): Caller {
  return {
    invokedAs: 'runt',
    env: Object.fromEntries(
      Object.entries(environment).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value]],
      ),
    ),
    traits: {
      umask: process.umask(),
      ignored: 0n,
      blocked: 0n,
      nofile: openFilesLimit(),
    },
    gave: isOpen,
  };
}

/** The engine has raised the soft limit already; a thousand is what shells and service managers start with. */
function openFilesLimit(): { soft: number; hard: number } {
  const found = /^Max open files +\d+ +(\d+) /m.exec(readFileSync('/proc/self/limits', 'utf8'));
  const hard = found ? Number(found[1]) : Number.POSITIVE_INFINITY;
  return { soft: Math.min(1024, hard), hard };
}

function isOpen(descriptor: number): boolean {
  try {
    fstatSync(descriptor);
    return true;
  } catch {
    return false;
  }
}
