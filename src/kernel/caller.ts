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
  /** When the launcher began, in ns of CLOCK_MONOTONIC: noted for a command line with `--trace` alone. */
  readonly startedAt?: number;
}

const recordMagic = 0x4c4c4143;
const headSize = 56;
const noted = 1024;
const infinity = 0xffff_ffff_ffff_ffffn;

/** Reads the record from the descriptor that RUNT_CALLER names, and closes it. */
export function readCaller(environment: Readonly<Record<string, string | undefined>>): Caller {
  const descriptor = Number(environment['RUNT_CALLER'] ?? '');
  if (environment['RUNT_CALLER'] === undefined || !Number.isSafeInteger(descriptor))
    return unrecordedCaller(environment);
  const record = readAll(descriptor);
  closeSync(descriptor);
  const head = new DataView(record.buffer, record.byteOffset);
  if (record.length < headSize + noted / 8 || head.getUint32(0, true) !== recordMagic)
    return unrecordedCaller(environment);
  return parseRecord(record, head);
}

function readAll(descriptor: number): Uint8Array {
  const bytes = new Uint8Array(fstatSync(descriptor).size);
  let at = 0;
  for (let got = 1; got > 0 && at < bytes.length; at += got)
    got = readSync(descriptor, bytes, at, bytes.length - at, at);
  return bytes;
}

/** struct record of native/launcher/launcher.c */
function parseRecord(record: Uint8Array, head: DataView): Caller {
  const limit = (at: number): number => {
    const value = head.getBigUint64(at, true);
    return value === infinity ? Number.POSITIVE_INFINITY : Number(value);
  };
  const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
  const text = (start: number, end: number) => utf8.decode(record.subarray(start, end));
  const open = record.subarray(headSize, headSize + noted / 8);
  const texts = headSize + noted / 8;
  const started = Number(head.getBigUint64(48, true));
  const nameEnd = texts + head.getUint32(40, true);
  return {
    invokedAs: text(texts, nameEnd - 1),
    env: environmentOf(text(nameEnd, nameEnd + head.getUint32(44, true))),
    traits: {
      umask: head.getUint32(4, true),
      ignored: head.getBigUint64(8, true),
      blocked: head.getBigUint64(16, true),
      nofile: { soft: limit(24), hard: limit(32) },
    },
    gave: (descriptor) =>
      descriptor < noted && ((open[descriptor >> 3] ?? 0) & (1 << (descriptor & 7))) !== 0,
    ...(started > 0 && { startedAt: started }),
  };
}

function environmentOf(text: string): Record<string, string> {
  const variables: [name: string, value: string][] = [];
  for (const entry of text.split('\0')) {
    const end = entry.indexOf('=');
    if (end >= 0) variables.push([entry.slice(0, end), entry.slice(end + 1)]);
  }
  return Object.fromEntries(variables);
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
