/**
 * Who called us, and how: the record that the executable made before it did anything else.
 *
 * On Node (the library, the tests, bin/runt) only part of it can still be known: the environment and the umask. The soft
 * limit on open files is then the engine's.
 */
import { fstatSync, readFileSync } from 'node:fs';
import { RuntError } from '../base/errors.ts';
import type { CallerTraits } from '../plan/input.ts';

export interface Caller {
  /** argv[0] as the caller wrote it. */
  readonly invokedAs: string;
  readonly env: Readonly<Record<string, string>>;
  readonly traits: CallerTraits;
  /** The working folder; one that was removed meanwhile has no path, and is a failure for who asks. */
  readonly cwd: () => string;
  /** Whether a descriptor was open before the engine opened its own. */
  readonly gave: (descriptor: number) => boolean;
  /** When the executable began, in ns of CLOCK_MONOTONIC: noted for a command line with `--trace` alone. */
  readonly startedAt?: number;
}

const recordMagic = 0x4c4c4143;
const headSize = 48;
const noted = 1024;
const infinity = 0xffff_ffff_ffff_ffffn;

/** `record`: what the executable's engine has made; without it, what else can be known. */
export function readCaller(
  environment: Readonly<Record<string, string | undefined>>,
  record?: unknown,
): Caller {
  if (!(record instanceof ArrayBuffer)) return unrecordedCaller(environment);
  const head = new DataView(record);
  if (record.byteLength < headSize + noted / 8 || head.getUint32(0, true) !== recordMagic)
    return unrecordedCaller(environment);
  return parseRecord(new Uint8Array(record), head);
}

/** struct record of native/engine/caller.c */
function parseRecord(record: Uint8Array, head: DataView): Caller {
  const limit = (at: number): number => {
    const value = head.getBigUint64(at, true);
    return value === infinity ? Number.POSITIVE_INFINITY : Number(value);
  };
  const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
  const text = (start: number, end: number) => utf8.decode(record.subarray(start, end));
  const open = record.subarray(headSize, headSize + noted / 8);
  const texts = headSize + noted / 8;
  const started = Number(head.getBigUint64(40, true));
  const nameEnd = texts + head.getUint32(32, true);
  return {
    invokedAs: text(texts, nameEnd - 1),
    env: environmentOf(text(nameEnd, nameEnd + head.getUint32(36, true))),
    traits: {
      umask: head.getUint32(4, true),
      blocked: head.getBigUint64(8, true),
      nofile: { soft: limit(16), hard: limit(24) },
    },
    cwd: ownFolder,
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
      umask: ownUmask(),
      blocked: 0n,
      nofile: openFilesLimit(),
    },
    cwd: ownFolder,
    gave: isOpen,
  };
}

function ownFolder(): string {
  try {
    return process.cwd();
  } catch (cause) {
    const doing = 'find the working folder';
    throw new RuntError('system-call', { doing, errno: 'ENOENT' }, { cause });
  }
}

/** process.umask() would set it to 0 for a moment, for all threads of the program. proc_pid_status(5). */
function ownUmask(): number {
  const found = /^Umask:\s*([0-7]+)$/m.exec(readFileSync('/proc/self/status', 'latin1'));
  return found ? Number.parseInt(found[1] ?? '', 8) : process.umask();
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
