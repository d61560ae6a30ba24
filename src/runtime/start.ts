/**
 * `start`: knocks at the init's socket, hears whether the user's program could be exec'ed, runs poststart hooks.
 */
import { RuntError } from '../base/errors.ts';
import { parseJson } from '../bundle/json.ts';
import type { Config } from '../bundle/config.ts';
import { hearExec } from '../kernel/conversation.ts';
import type { Readiness } from '../kernel/kernel.ts';
import type { ContainerRecord } from '../state/record.ts';
import { type Held, startSocket } from '../state/store.ts';
import { listenForReadiness } from './activation.ts';
import { runHostHooks } from './host-hooks.ts';
import { demand, recordOf, statusOf } from './observe.ts';
import type { Ports } from './ports.ts';
import { gates } from '../plan/plan.ts';
import { handListener } from './syscall-filter.ts';
import { openProcess } from '../kernel/process.ts';

const sigkill = 9;

export async function start(ports: Ports, id: string): Promise<void> {
  const held = await ports.store.hold(id);
  let started: Started;
  try {
    started = await startHeld(ports, held);
  } finally {
    held.release();
  }
  if (started.readiness) waitForReadiness(ports, started.record, started.readiness);
}

interface Started {
  readonly record: ContainerRecord;
  readonly readiness?: Readiness;
}

async function startHeld(ports: Ports, held: Held): Promise<Started> {
  const { id } = held;
  const record = recordOf(ports, id);
  demand(statusOf(ports, record, true), 'start', id);
  const readiness = listenForReadiness(ports, held);
  await letGo(ports, held, record);
  if (record.hooks.poststart) await poststart(ports, record, storedConfig(ports, id));
  return { record, ...(readiness && { readiness }) };
}

/** Not with the container held: somebody may want to delete what never gets ready. */
function waitForReadiness(
  { kernel }: Ports,
  { init }: ContainerRecord,
  readiness: Readiness,
): void {
  const pidfd = init && openProcess(kernel, init);
  if (pidfd === undefined) return;
  try {
    kernel.notifyWait(readiness, pidfd, init?.pid ?? 0);
  } finally {
    kernel.close(pidfd);
  }
}

async function letGo(ports: Ports, held: Held, record: ContainerRecord): Promise<void> {
  const { kernel, store } = ports;
  const channel = kernel.connect(held.folder, startSocket);
  if (channel === undefined)
    throw new RuntError('wrong-status', { id: record.id, verb: 'start', status: 'stopped' });
  await endingInit(ports, record, false, async () => {
    try {
      store.removeStartSocket(held);
      kernel.go(channel, gates.start);
      ports.trace?.enter('exec');
      const { labels, first } = record.afterStart;
      await hearExec(kernel, {
        channel,
        labels: (step) => labels[step - first],
        log: ports.log,
        takeListener: (listener) => handInitListener(ports, record, listener),
      });
    } finally {
      kernel.close(channel);
    }
  });
}

/** How long the init of a container that failed may take to end, in ms; longer where the disk keeps it. */
const patience = 5000;

/** What fails here ends the init, by itself or by us, and has ended it when the failure is told. */
async function endingInit(
  { kernel }: Ports,
  { init }: ContainerRecord,
  kill: boolean,
  act: () => Promise<void>,
): Promise<void> {
  try {
    await act();
  } catch (error) {
    const pidfd = init && openProcess(kernel, init);
    if (pidfd !== undefined) {
      if (kill) kernel.pidfdSignal(pidfd, sigkill);
      await kernel.pidfdWait(pidfd, patience);
      kernel.close(pidfd);
    }
    throw error;
  }
}

function handInitListener(ports: Ports, record: ContainerRecord, listener: number): void {
  const { kernel } = ports;
  const { id, bundle, init } = record;
  const pidfd = init && openProcess(kernel, init);
  if (pidfd === undefined)
    throw new RuntError('wrong-status', { id, verb: 'start', status: 'stopped' });
  try {
    const subject = { id, bundle, config: storedConfig(ports, id) };
    const filtered = {
      pid: init?.pid ?? 0,
      pidfd,
      subject,
      status: 'created',
      init: init?.pid ?? 0,
    };
    handListener(ports, filtered, listener);
  } finally {
    kernel.close(pidfd);
  }
}

/** The config as it was at create: later edits of the bundle have no effect (runtime.md#lifecycle). */
export function storedConfig(ports: Pick<Ports, 'store'>, id: string): Config {
  return storedBundle(ports, id).config;
}

/** The same with the text that it was read from. */
export function storedBundle(
  { store }: Pick<Ports, 'store'>,
  id: string,
): { readonly config: Config; readonly text: string } {
  const text = store.readConfig(id);
  return { text, config: configOf(text, `${store.root}/${id}/config.json`) };
}

/** It passed every rule at create, and only we write there. */
function configOf(text: string, path: string): Config {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a second check would cost what the first one did
  return parseJson(text, path) as Config;
}

/** A failing poststart hook ends the container (runc's reading of runtime.md#lifecycle, step 9). */
export async function poststart(
  ports: Ports,
  record: ContainerRecord,
  config: Config,
): Promise<void> {
  const { id, bundle, init } = record;
  await endingInit(ports, record, true, () =>
    runHostHooks(ports, {
      stage: 'poststart',
      hooks: config.hooks,
      subject: { id, bundle, config },
      status: 'running',
      pid: init?.pid ?? 0,
    }),
  );
}
