/**
 * `run`: create and start in one; in the foreground also wait, and take the container apart at its end.
 */
import { isRuntError } from '../base/errors.ts';
import { orUnwind } from '../base/unwind.ts';
import { abandon, hearExec, labelsOf } from '../kernel/conversation.ts';
import { checkConsole } from './console.ts';
import { acceptBundle } from './accept-bundle.ts';
import { type MadeContainer, makeContainer } from './container.ts';
import { destroy } from './destroy.ts';
import { prepareForeground, waitInForeground } from './foreground.ts';
import { removePidFile } from './pid-file.ts';
import type { Ports } from './ports.ts';
import { handListener } from './syscall-filter.ts';
import type { ContainerRecord } from '../state/record.ts';
import type { RunRequest } from './requests.ts';
import { poststart } from './start.ts';

export async function run(ports: Ports, request: RunRequest): Promise<number> {
  const { kernel } = ports;
  const bundle = await acceptBundle(ports, request.bundle);
  const terminal = bundle.config.process?.terminal ?? false;
  checkConsole(terminal, request.detach || !kernel.blocking, request.consoleSocket);
  if (!request.detach && !request.noSubreaper) kernel.becomeSubreaper();
  const made = await makeContainer(ports, bundle, request, {
    waitsForStart: false,
    ...(!request.detach && { beforeGo: (init) => prepareForeground(kernel, init) }),
  });
  ports.trace?.enter('exec');
  await hearStart(ports, made, request);
  ports.trace?.enter('container');
  made.held.release();
  const { init, readiness } = made;
  if (request.detach) {
    if (readiness) kernel.notifyWait(readiness, init.pidfd, init.pid);
    kernel.leave({ ...init, keepsStatus: true });
    return 0;
  }
  const status = await waitInForeground(kernel, init, readiness);
  ports.trace?.enter('clear');
  if (!request.keep) await clear(ports, request.id, made);
  return status;
}

/** The program runs, or all of it is taken back. */
async function hearStart(ports: Ports, made: MadeContainer, request: RunRequest): Promise<void> {
  const { kernel, log } = ports;
  await orUnwind(async (unwind) => {
    unwind.push(() => made.held.release());
    unwind.push(() => destroy(ports, made.held, made.record));
    unwind.push(() => removePidFile(request.pidFile));
    unwind.push(made.interfaces.giveBack);
    unwind.push(() => abandon(kernel, made.init));
    const { init, bundle } = made;
    const subject = { id: request.id, bundle: bundle.path, config: bundle.config };
    const filtered = { ...init, subject, status: 'created', init: init.pid };
    await hearExec(kernel, {
      channel: init.channel,
      labels: labelsOf(made.plan),
      log,
      takeListener: (listener) => handListener(ports, filtered, listener),
    });
    if (made.record.hooks.poststart) await poststart(ports, made.record, made.bundle.config);
  });
  kernel.close(made.init.channel);
  made.interfaces.close();
}

/** Somebody may have deleted it by force while it ran, and may be doing so now. */
async function clear(ports: Ports, id: string, made: MadeContainer): Promise<void> {
  try {
    const held = await ports.store.hold(id);
    try {
      if (ports.store.stillHolds(id, made.record) || isSame(ports.store.read(id), made.record))
        await destroy(ports, held, made.record);
    } finally {
      held.release();
    }
  } catch (error) {
    if (!isRuntError(error, 'container-missing')) throw error;
  }
}

/** Of the same init: another container may have taken the id. */
const isSame = (now: ContainerRecord | undefined, then: ContainerRecord): boolean =>
  now?.init?.startTime === then.init?.startTime && now?.init?.pid === then.init?.pid;
