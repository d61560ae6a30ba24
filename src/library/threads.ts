/**
 * The threads that work for a program: it is never kept from its own event loop, however much is to be done for a container.
 *
 * One is started with the first runtime, more when all are busy, as many as there are processors and four at most. They belong
 * to the process, whatever the number of runtimes, and do not keep it alive when there is nothing to do.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Logger } from '../base/log.ts';
import { hearError, type Opening, type Reply, type Request } from './messages.ts';

/** A thread that holds something of a runtime's, such as a stream of events, has to be asked again. */
export interface Thread {
  /** `T`: what the verb answers with; nothing of it is checked again. */
  send<T>(request: Numbered): Promise<T>;
}

type Distributed<T> = T extends unknown ? Omit<T, 'number'> : never;
export type Numbered = Distributed<Exclude<Request, { kind: 'open' }>>;

interface Waiting {
  resolve(value: unknown): void;
  reject(reason: unknown): void;
}

interface Started extends Thread {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
  readonly opened: Set<number>;
  ready: boolean;
}

interface Opened {
  readonly opening: Opening;
  readonly log: Logger;
}

const runtimes = new Map<number, Opened>();
let threads: readonly Started[] = [];
let lastNumber = 0;

/** Registers a runtime, for every thread to come; its number. */
export function openEverywhere(opened: Opened): number {
  const runtime = (lastNumber += 1);
  runtimes.set(runtime, opened);
  if (threads.length === 0) start();
  return runtime;
}

/** The one that has the least to do, with this runtime open in it. */
export function threadFor(runtime: number): Thread {
  const [first, ...others] = threads.filter((thread) => thread.ready);
  const least = others.reduce(
    (a, b) => (b.waiting.size < a.waiting.size ? b : a),
    first ?? start(),
  );
  const all = threads.every((thread) => thread.ready);
  if (least.waiting.size > 0 && all && threads.length < Math.min(4, availableParallelism()))
    start();
  const { opening } = runtimes.get(runtime) ?? {};
  if (opening && !least.opened.has(runtime)) {
    least.opened.add(runtime);
    least.worker.postMessage({ kind: 'open', runtime, opening } satisfies Request);
  }
  return least;
}

function start(): Started {
  const [starting] = threads.filter((thread) => !thread.ready);
  if (starting) return starting;
  const worker = new Worker(new URL('../worker.js', import.meta.url), {
    name: 'runt',
    // the program's own options are for its own code
    execArgv: [],
    // descriptors are opened and closed by librunt as well, of which Node knows nothing
    trackUnmanagedFds: false,
  });
  const waiting = new Map<number, Waiting>();
  const thread: Started = {
    worker,
    waiting,
    opened: new Set(),
    ready: false,
    send<T>(request: Numbered) {
      const number = (lastNumber += 1);
      worker.postMessage({ ...request, number } satisfies Request);
      worker.ref();
      return new Promise<T>((resolve, reject) => waiting.set(number, { resolve, reject }));
    },
  };
  threads = [...threads, thread];
  const settle = (number: number): Waiting | undefined => {
    const one = waiting.get(number);
    waiting.delete(number);
    if (waiting.size === 0) worker.unref();
    return one;
  };
  worker.on('message', (reply: Reply) => {
    if (reply.kind === 'ready') thread.ready = true;
    else if (reply.kind === 'log') runtimes.get(reply.runtime)?.log[reply.level](reply.text);
    else if (reply.kind === 'done') settle(reply.number)?.resolve(reply.value);
    else settle(reply.number)?.reject(hearError(reply.error));
  });
  const end = (reason: unknown): void => {
    threads = threads.filter((one) => one !== thread);
    for (const number of waiting.keys()) settle(number)?.reject(reason);
  };
  worker.on('error', end);
  worker.on('exit', (code) => end(new Error(`a thread of runt has ended with ${code}`)));
  worker.unref();
  return thread;
}
