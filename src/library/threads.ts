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

type WithoutNumber<T> = T extends unknown ? Omit<T, 'number'> : never;
/** A request that is given its number when it is sent. */
export type Asked = WithoutNumber<Extract<Request, { number: number }>>;

/** Whoever holds a stream of events keeps the thread that has it. */
export interface Thread {
  /** `T`: what the verb answers with; nothing of it is checked again. `holder` is not forgotten meanwhile. */
  send<T>(request: Asked, holder: object): Promise<T>;
}

interface Waiting {
  readonly holder: object;
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
  /** The thread that has made a container, by its id: it is the one that waits for it. */
  readonly homes: Map<string, Started>;
}

const runtimes = new Map<number, Opened>();
let threads: readonly Started[] = [];
let lastNumber = 0;

/** Registers a runtime, for every thread to come; its number. */
export function openEverywhere(opening: Opening, log: Logger): number {
  const runtime = (lastNumber += 1);
  runtimes.set(runtime, { opening, log, homes: new Map() });
  if (threads.length === 0) start();
  return runtime;
}

/** Nobody has it any more. */
export function closeEverywhere(runtime: number): void {
  runtimes.delete(runtime);
  for (const { worker, opened } of threads)
    if (opened.delete(runtime)) worker.postMessage({ kind: 'close', runtime } satisfies Request);
}

/** The one that has made the container, or else the one that has the least to do; with this runtime open in it. */
export function threadFor(runtime: number, container?: string): Thread {
  const { opening, homes } = runtimes.get(runtime) ?? {};
  const home = container === undefined ? undefined : homes?.get(container);
  const thread = home ?? leastBusy();
  if (opening && !thread.opened.has(runtime)) {
    thread.opened.add(runtime);
    thread.worker.postMessage({ kind: 'open', runtime, opening } satisfies Request);
  }
  return thread;
}

/** `make` is done by one thread, which all later calls for the container go to. */
export async function makeAtHome<T>(
  runtime: number,
  container: string,
  make: (thread: Thread) => Promise<T>,
): Promise<T> {
  const homes = runtimes.get(runtime)?.homes;
  const thread = threadFor(runtime, container);
  const isNew = homes?.has(container) === false;
  if (isNew) for (const one of threads) if (one === thread) homes.set(container, one);
  try {
    return await make(thread);
  } catch (error) {
    if (isNew) homes.delete(container);
    throw error;
  }
}

/** The container is gone. */
export const leaveHome = (runtime: number, container: string): void =>
  void runtimes.get(runtime)?.homes.delete(container);

function leastBusy(): Started {
  const [first, ...others] = threads.filter((thread) => thread.ready);
  const least = others.reduce(
    (a, b) => (b.waiting.size < a.waiting.size ? b : a),
    first ?? start(),
  );
  if (least.waiting.size > 0 && threads.length < Math.min(4, availableParallelism())) start();
  return least;
}

/** A new one, unless one is being started. */
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
  let ended: { readonly reason: unknown } | undefined;
  const settle = (number: number): Waiting | undefined => {
    const one = waiting.get(number);
    waiting.delete(number);
    if (waiting.size === 0) worker.unref();
    return one;
  };
  const thread: Started = {
    worker,
    waiting,
    opened: new Set(),
    ready: false,
    async send<T>(request: Asked, holder: object) {
      if (ended) throw ended.reason;
      const number = (lastNumber += 1);
      worker.postMessage({ ...request, number } satisfies Request);
      worker.ref();
      return new Promise<T>((resolve, reject) => waiting.set(number, { holder, resolve, reject }));
    },
  };
  threads = [...threads, thread];
  worker.on('message', (reply: Reply) => {
    if (reply.kind === 'ready') thread.ready = true;
    else if (reply.kind === 'log') runtimes.get(reply.runtime)?.log[reply.level](reply.text);
    else if (reply.kind === 'done') settle(reply.number)?.resolve(reply.value);
    else settle(reply.number)?.reject(hearError(reply.error));
  });
  const end = (reason: unknown): void => {
    ended ??= { reason };
    threads = threads.filter((one) => one !== thread);
    for (const { homes } of runtimes.values())
      for (const [container, home] of homes) if (home === thread) homes.delete(container);
    for (const number of waiting.keys()) settle(number)?.reject(ended.reason);
  };
  worker.on('error', end);
  worker.on('exit', (code) => end(new Error(`a thread of runt has ended with ${code}`)));
  worker.unref();
  return thread;
}
