/**
 * A `Runtime` whose verbs are done by another thread.
 */
import type { ContainerEvent, EventsRequest } from '../runtime/requests.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Verb } from './messages.ts';
import { threadFor } from './threads.ts';

let streams = 0;

/** `number`: of a runtime that was opened in every thread. */
export function distantRuntime(number: number): Runtime {
  const call =
    <V extends Verb>(verb: V) =>
    (...args: Parameters<Runtime[V]>) =>
      threadFor(number).send<Awaited<ReturnType<Runtime[V]>>>({
        kind: 'call',
        runtime: number,
        verb,
        args,
      });
  return {
    create: call('create'),
    start: call('start'),
    run: call('run'),
    wait: call('wait'),
    exec: call('exec'),
    kill: call('kill'),
    pause: call('pause'),
    resume: call('resume'),
    update: call('update'),
    events: (request) => events(number, request),
    processes: call('processes'),
    processTable: call('processTable'),
    delete: call('delete'),
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
}

async function* events(
  runtime: number,
  request: EventsRequest,
): AsyncGenerator<ContainerEvent, void, undefined> {
  const stream = (streams += 1);
  const thread = threadFor(runtime);
  try {
    for (;;) {
      const { done, value } = await thread.send<IteratorResult<ContainerEvent, void>>({
        kind: 'next',
        runtime,
        stream,
        request,
      });
      if (done) return;
      yield value;
    }
  } finally {
    await thread.send<void>({ kind: 'leave', stream });
  }
}
