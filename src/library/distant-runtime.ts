/**
 * A `Runtime` whose verbs are done by other threads.
 */
import type { ContainerEvent, EventsRequest, RunRequest } from '../runtime/requests.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Verb } from './messages.ts';
import { closeEverywhere, leaveHome, makeAtHome, type Thread, threadFor } from './threads.ts';

/** Runtimes that the program has let go of are closed in the threads. */
const forgotten = new FinalizationRegistry<number>(closeEverywhere);

let streams = 0;

/** `number`: of a runtime that was opened in every thread. */
export function distantRuntime(number: number): Runtime {
  const through = <V extends Verb>(thread: Thread, verb: V, args: Parameters<Runtime[V]>) =>
    thread.send<Awaited<ReturnType<Runtime[V]>>>(
      { kind: 'call', runtime: number, verb, args },
      runtime,
    );
  const call =
    <V extends Verb>(verb: V) =>
    (...args: Parameters<Runtime[V]>) =>
      through(threadFor(number, idIn(args[0])), verb, args);
  const runtime: Runtime = {
    create: (request) =>
      makeAtHome(number, request.id, (thread) => through(thread, 'create', [request])),
    start: call('start'),
    async run(request) {
      const run = (thread: Thread) => through(thread, 'run', [request]);
      const status = await makeAtHome(number, request.id, run);
      if (isGoneAfter(request)) leaveHome(number, request.id);
      return status;
    },
    wait: call('wait'),
    exec: call('exec'),
    kill: call('kill'),
    pause: call('pause'),
    resume: call('resume'),
    update: call('update'),
    events: (request) => events(number, request, runtime),
    processes: call('processes'),
    processTable: call('processTable'),
    async delete(request) {
      await through(threadFor(number, request.id), 'delete', [request]);
      leaveHome(number, request.id);
    },
    state: call('state'),
    list: call('list'),
    listIds: call('listIds'),
    spec: call('spec'),
    plan: call('plan'),
    validate: call('validate'),
    features: call('features'),
    doctor: call('doctor'),
    trace: call('trace'),
    version: call('version'),
  };
  forgotten.register(runtime, number);
  return runtime;
}

const isGoneAfter = ({ detach, keep }: RunRequest): boolean => !detach && !keep;

/** Of the container that a call is about. A path is no id, and leads to any thread. */
function idIn(argument: unknown): string | undefined {
  if (typeof argument === 'string') return argument;
  const isRequest = typeof argument === 'object' && argument !== null && 'id' in argument;
  return isRequest && typeof argument.id === 'string' ? argument.id : undefined;
}

async function* events(
  number: number,
  request: EventsRequest,
  runtime: Runtime,
): AsyncGenerator<ContainerEvent, void, undefined> {
  const stream = (streams += 1);
  const thread = threadFor(number);
  try {
    for (;;) {
      const { done, value } = await thread.send<IteratorResult<ContainerEvent, void>>(
        { kind: 'next', runtime: number, stream, request },
        runtime,
      );
      if (done) return;
      yield value;
    }
  } finally {
    // a thread that has ended has left it, and why was said before
    await thread.send<void>({ kind: 'leave', stream }, runtime).catch(() => undefined);
  }
}
