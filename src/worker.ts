/**
 * A thread that works for a program: it has the runtimes that the program has opened, and does what it is asked, many things
 * at a time. The one file that runs in such a thread.
 */
import { parentPort } from 'node:worker_threads';
import type { Logger } from './base/log.ts';
import { composeRuntime } from './compose.ts';
import { readCaller } from './kernel/caller.ts';
import { makeWatch } from './kernel/watch.ts';
import type { Runtime } from './runtime/runtime.ts';
import { type Opening, type Reply, type Request, tellError } from './library/messages.ts';

const watch = makeWatch();
const runtimes = new Map<number, Runtime>();
const streams = new Map<number, ReturnType<Runtime['events']>>();

const tell = (reply: Reply): void => parentPort?.postMessage(reply);

function open(runtime: number, { debugging, env, ...options }: Opening): void {
  const logged = (level: 'debug' | 'warning' | 'error') => (text: string) =>
    tell({ kind: 'log', runtime, level, text });
  const log: Logger = {
    debugging,
    debug: logged('debug'),
    warning: logged('warning'),
    error: logged('error'),
  };
  runtimes.set(runtime, composeRuntime({ ...options, log, watch, caller: readCaller(env) }));
}

function runtimeOf(number: number): Runtime {
  const runtime = runtimes.get(number);
  if (runtime === undefined) throw new TypeError(`no runtime ${number} was opened`);
  return runtime;
}

async function doIt(request: Extract<Request, { number: number }>): Promise<unknown> {
  if (request.kind === 'call') {
    const runtime = runtimeOf(request.runtime);
    // a method of any type, called with what the program's thread has checked to be its arguments
    const value: unknown = await Reflect.apply(runtime[request.verb], runtime, request.args);
    return value;
  }
  if (request.kind === 'next') {
    const begun = streams.get(request.stream);
    const stream = begun ?? runtimeOf(request.runtime).events(request.request);
    streams.set(request.stream, stream);
    return stream.next();
  }
  await streams.get(request.stream)?.return();
  streams.delete(request.stream);
  return undefined;
}

parentPort?.on('message', (request: Request) => {
  if (request.kind === 'open') {
    open(request.runtime, request.opening);
    return;
  }
  if (request.kind === 'close') {
    runtimes.delete(request.runtime);
    return;
  }
  const { number } = request;
  doIt(request)
    .then((value) => tell({ kind: 'done', number, value }))
    .catch((error: unknown) => tell({ kind: 'failed', number, error: tellError(error) }));
});
tell({ kind: 'ready' });
