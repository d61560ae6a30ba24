/**
 * A Runtime that does nothing but remember: what was called, with which request.
 *
 * `answers` says what a method resolves to, or the error that it rejects with.
 */
import { type DoctorReport, judge } from '../../src/doctor/judge.ts';
import { healthyHost } from './healthy-host.ts';
import type { Runtime } from '../../src/runtime/runtime.ts';
import type { ContainerEvent, ContainerState } from '../../src/runtime/requests.ts';

export interface Call {
  readonly method: keyof Runtime;
  readonly argument: unknown;
}

type Answer<M extends keyof Runtime> = Awaited<ReturnType<Runtime[M]>> | Error;

export type Answers = { readonly [M in Exclude<keyof Runtime, 'events'>]?: Answer<M> } & {
  readonly events?: readonly ContainerEvent[] | Error;
};

export const sampleState: ContainerState = {
  ociVersion: '1.3.0',
  id: 't2',
  pid: 229,
  status: 'running',
  bundle: '/tmp/bats-run-smpC3cQ/b',
  rootfs: '/tmp/bats-run-smpC3cQ/b/rootfs',
  created: '2026-11-22T08:52:37.452157097Z',
  owner: 'root',
};

const healthy: DoctorReport = judge(healthyHost);

export function recordingRuntime(answers: Answers = {}): { runtime: Runtime; calls: Call[] } {
  const calls: Call[] = [];
  async function note<T>(method: keyof Runtime, argument: unknown, answer: T | Error): Promise<T> {
    calls.push({ method, argument });
    if (answer instanceof Error) throw answer;
    return answer;
  }
  const runtime: Runtime = {
    create: (request) => note('create', request, answers.create),
    start: (id) => note('start', id, answers.start),
    run: (request) => note('run', request, answers.run ?? 0),
    wait: (id) => note('wait', id, 0),
    exec: (request) => note('exec', request, answers.exec ?? 0),
    kill: (request) => note('kill', request, answers.kill),
    pause: (id) => note('pause', id, answers.pause),
    resume: (id) => note('resume', id, answers.resume),
    update: (request) => note('update', request, answers.update),
    async *events(request) {
      yield* await note('events', request, answers.events ?? []);
    },
    processes: (id) => note('processes', id, answers.processes ?? []),
    processTable: (request) => note('processTable', request, answers.processTable ?? ''),
    delete: (request) => note('delete', request, answers.delete),
    state: (id) => note('state', id, answers.state ?? sampleState),
    list: (mayBeAbsent) => note('list', mayBeAbsent, answers.list ?? []),
    listIds: (mayBeAbsent) => note('listIds', mayBeAbsent, answers.listIds ?? []),
    spec: (request) => note('spec', request, answers.spec),
    plan: (bundle) => note('plan', bundle, answers.plan ?? { json: {}, text: '' }),
    validate: (bundle) => note('validate', bundle, answers.validate ?? []),
    features: () =>
      note('features', undefined, answers.features ?? { ociVersionMin: '1', ociVersionMax: '2' }),
    doctor: () => note('doctor', undefined, answers.doctor ?? healthy),
    trace: (path) => note('trace', path, answers.trace ?? { command: '', total: 0, lanes: [] }),
    version: () =>
      note('version', undefined, answers.version ?? { version: '1', commit: '', spec: '1.3.0' }),
  };
  return { runtime, calls };
}
