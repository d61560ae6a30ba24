/**
 * The C side with sanitizers: the decoder alone, and the interpreter with plans that need no privilege.
 */
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execaSync } from 'execa';
import { beforeAll } from 'vitest';
import { stretched } from './patience.ts';

const native = fileURLToPath(new URL('../../native/', import.meta.url));
const build = join(native, 'build');

/** Builds it before a file's tests, which takes minutes on a busy machine. */
export const useSanitized = (): void => beforeAll(makeSanitized, stretched(300_000));

/** Two test files may ask at the same time: make runs once. */
function makeSanitized(): void {
  execFileSync('mkdir', ['-p', build]);
  execFileSync('flock', [join(build, 'lock'), 'make', '-s', '-C', native, 'check'], {
    stdio: 'pipe',
  });
}

/** What the decoder says to each image. A sanitizer's report, and a lie of the decoder, throws. */
export function decodeAll(images: readonly Uint8Array[]): string[] {
  const input = Buffer.concat(
    images.flatMap((image) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(image.length);
      return [length, image];
    }),
  );
  const { stdout, stderr } = execaSync(join(build, 'decode-check'), { input });
  if (stderr !== '') throw new Error(stderr);
  return stdout === '' ? [] : stdout.split('\n');
}

/** What openat2(2) and the walk that stands in for it say of random paths below `root`. */
export const compareWalks = (root: string, seed: number, count: number): string =>
  execaSync(join(build, 'walk-check'), [root, String(seed), String(count)], { reject: false })
    .stdout;

/** native/init/wire.h, struct message */
export interface Message {
  readonly kind: number;
  readonly step: number;
  readonly op: number;
  readonly value: number;
  readonly detail: string;
}

export const messageKind = {
  failed: 1,
  gate: 2,
  hook: 5,
  tolerated: 6,
  go: 7,
} as const;

export interface Ending {
  readonly status: number | null;
  readonly messages: readonly Message[];
  readonly stdout: string;
  readonly stderr: string;
}

export interface InterpretOptions {
  /** What to answer at a gate; null hangs up. By default that it may be passed. */
  readonly atGate?: (gate: number) => { readonly kind: number; readonly value: number } | null;
  /** Files for slots 0, 1, … */
  readonly slots?: readonly string[];
  /** How the files are opened. */
  readonly slotMode?: 'r' | 'r+';
  /** In place of the plan's and the socket's numbers. */
  readonly argv?: readonly string[];
}

/** Runs an image as nobody, so that nothing it does can reach the host. */
export async function interpret(
  image: Uint8Array,
  {
    atGate = (value) => ({ kind: messageKind.go, value }),
    slots = [],
    slotMode = 'r',
    argv,
  }: InterpretOptions = {},
): Promise<Ending> {
  const folder = mkdtempSync(join(tmpdir(), 'runt-plan-'));
  writeFileSync(join(folder, 'plan'), image);
  const files = [
    openSync(join(folder, 'plan'), 'r'),
    ...slots.map((path) => openSync(path, slotMode)),
  ];
  const [plan = -1, ...others] = files;
  try {
    const child = spawn(
      join(build, 'runt-init-sanitized'),
      argv ?? ['3', '4', ...others.map((_, index) => String(index + 5))],
      {
        stdio: ['ignore', 'pipe', 'pipe', plan, 'pipe', ...others],
        uid: 65_534,
        gid: 65_534,
        cwd: '/',
        // the leak checker traces its parent, which a process that is not dumpable forbids
        env: { ASAN_OPTIONS: 'detect_leaks=0' },
      },
    );
    const handshake = child.stdio[4];
    if (!(handshake instanceof Socket)) throw new Error('no handshake socket');
    const messages: Message[] = [];
    handshake.on('data', (bytes: Buffer) => {
      const heard = readMessages(bytes);
      messages.push(...heard);
      const gate = heard.find(({ kind }) => kind === messageKind.gate);
      if (gate === undefined) return;
      const answer = atGate(gate.value);
      if (answer === null) handshake.destroy();
      else handshake.write(messageBytes(answer.kind, answer.value));
    });
    // it may be gone before the answer is
    handshake.on('error', () => {});
    const [stdout, stderr, status] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      new Promise<number | null>((resolve) => {
        child.once('close', resolve);
      }),
    ]);
    return { status, messages, stdout, stderr };
  } finally {
    files.forEach((file) => closeSync(file));
    rmSync(folder, { recursive: true });
  }
}

/** The socket is a stream here, so messages may come together; one with a detail is the last that is said. */
function readMessages(bytes: Buffer): Message[] {
  const kind = bytes.readUInt32LE(0);
  const isLast = kind === messageKind.failed || kind === messageKind.hook || bytes.length === 16;
  const message = {
    kind,
    step: bytes.readUInt32LE(4),
    op: bytes.readUInt32LE(8),
    value: bytes.readInt32LE(12),
    detail: isLast ? bytes.toString('utf8', 16) : '',
  };
  return isLast ? [message] : [message, ...readMessages(bytes.subarray(16))];
}

function messageBytes(kind: number, value: number): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32LE(kind, 0);
  bytes.writeInt32LE(value, 12);
  return bytes;
}

async function text(stream: AsyncIterable<unknown> | null): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream ?? []) if (chunk instanceof Buffer) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
