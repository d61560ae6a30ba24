/**
 * The library's types: what must compile, and below each `@ts-expect-error` what must not. Checked by tsc, never run.
 */
import {
  type ContainerState,
  type CreateRequest,
  type ErrorFacts,
  type ExecRequest,
  isRuntError,
  openRuntime,
  type RunRequest,
  RuntError,
  type Runtime,
} from '../../src/index.ts';

const runtime: Runtime = openRuntime({ root: '/run/my-program' });

const create: CreateRequest = {
  id: 'c1',
  bundle: '/bundle',
  noPivot: false,
  noNewKeyring: false,
  preserveFds: 0,
};
const run: RunRequest = { ...create, detach: true, keep: false, noSubreaper: false };

export async function verbs(): Promise<void> {
  const status: number = await runtime.run(run);
  await runtime.kill({ id: 'c1', signal: status, all: false });
  // @ts-expect-error create resolves to nothing: the process is not there yet
  const none: number = await runtime.create(create);
  // @ts-expect-error run needs to know whether it waits
  await runtime.run(create);
  // @ts-expect-error a signal is a number; names are the command line's
  await runtime.kill({ id: 'c1', signal: 'SIGKILL', all: false });
  // @ts-expect-error force is said, never guessed
  await runtime.delete({ id: 'c1' });
  // @ts-expect-error the bundle's folder is missing
  await runtime.plan();
  const { containersRun, checks } = await runtime.doctor();
  const verdict: 'ok' | 'note' | 'warn' | 'fail' | undefined = checks[0]?.verdict;
  // @ts-expect-error a report is read, not changed
  checks.push();
  void [none, containersRun, verdict];
}

// @ts-expect-error a request is not changed once it is made
create.id = 'c2';
// @ts-expect-error absent is absent, not undefined
export const explicit: CreateRequest = { ...create, pidFile: undefined };
// @ts-expect-error no such option
openRuntime({ systemdCgroup: true });

const exec = { id: 'c1', detach: false, preserveFds: 0 };
export const byFile: ExecRequest = { ...exec, process: { kind: 'file', path: '/p.json' } };
// @ts-expect-error a process is a file or changes, not both
export const both: ExecRequest = { ...exec, process: { kind: 'file', path: '/p', args: ['sh'] } };

export function statusOf(state: ContainerState): string {
  switch (state.status) {
    case 'creating':
    case 'created':
    case 'running':
    case 'paused':
    case 'stopped':
      return state.status;
    // @ts-expect-error the specification knows no such status
    case 'deleted':
      return '';
  }
}

export function wordsOf(error: unknown): string {
  // @ts-expect-error facts are for those who have asked what it is
  const early = error.facts;
  if (isRuntError(error, 'id-in-use')) {
    const { id }: { id: string } = error.facts;
    // @ts-expect-error these facts belong to another code
    return id + error.facts.errno;
  }
  // @ts-expect-error no such code
  if (isRuntError(error, 'no-such-code')) return '';
  return String(early);
}

export const good: RuntError<'busy'> = new RuntError('busy', { what: 'a cgroup' });
// @ts-expect-error the facts are those of the code
export const wrongFacts: RuntError = new RuntError('busy', { id: 'c1' });
// @ts-expect-error every code has its facts
export const noFacts: ErrorFacts['step-failed'] = { origin: '', doing: '' };
