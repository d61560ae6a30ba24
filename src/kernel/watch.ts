/**
 * Waiting for descriptors in a program with an event loop: librunt's thread polls them, and tells on a stream that Node can
 * read. For Node alone: the executable has no event loop to serve.
 */
import { Socket } from 'node:net';
import { errnoName } from '../base/errno-text.ts';
import { RuntError } from '../base/errors.ts';
import { librunt } from './librunt.ts';

export interface Watch {
  /** `poll(descriptor, POLLIN)`: false when the time, in ms, is over. The descriptor must stay open meanwhile. */
  readable(descriptor: number, milliseconds: number, doing: string): Promise<boolean>;
}

/** Made on first use, with its thread; while nothing is waited for, it does not keep the program alive. */
export function makeWatch(): Watch {
  let opened: Opened | undefined;
  return {
    readable(descriptor, milliseconds, doing) {
      opened ??= open();
      return wait(opened, { descriptor, milliseconds, doing });
    },
  };
}

interface Opened {
  readonly poll: number;
  readonly stream: Socket;
  /** By number: told that its descriptor is ready. */
  readonly waiting: Map<number, () => void>;
  last: number;
}

function open(): Opened {
  const made = librunt().watchOpen();
  if (typeof made === 'number') throw failure(made, 'start a thread that waits');
  const stream = new Socket({ fd: made.stream });
  const opened: Opened = { poll: made.poll, stream, waiting: new Map(), last: 0 };
  let rest = Buffer.alloc(0);
  stream.on('data', (chunk) => {
    const bytes = Buffer.concat([rest, chunk]);
    const whole = bytes.length - (bytes.length % 4);
    for (let at = 0; at < whole; at += 4) opened.waiting.get(bytes.readUInt32LE(at))?.();
    rest = bytes.subarray(whole);
  });
  stream.unref();
  return opened;
}

interface Wanted {
  readonly descriptor: number;
  readonly milliseconds: number;
  readonly doing: string;
}

function wait(opened: Opened, { descriptor, milliseconds, doing }: Wanted): Promise<boolean> {
  const { poll, stream, waiting } = opened;
  const number = (opened.last = (opened.last + 1) % 0x7fff_ffff);
  const result = librunt().watch(poll, descriptor, number);
  if (result < 0) throw failure(result, doing);
  stream.ref();
  return new Promise((resolve) => {
    const end = (is: boolean): void => {
      clearTimeout(timer);
      waiting.delete(number);
      if (waiting.size === 0) stream.unref();
      librunt().unwatch(poll, descriptor);
      resolve(is);
    };
    // a thread that was kept busy is late for both: the time does not decide then
    const late = (): void => end(librunt().pidfdWait(descriptor, 0) > 0);
    const timer = Number.isFinite(milliseconds) ? setTimeout(late, milliseconds) : undefined;
    waiting.set(number, () => end(true));
  });
}

const failure = (result: number, doing: string): RuntError =>
  new RuntError('system-call', { doing, errno: errnoName(-result) });
