/**
 * `exec`: a further process in a running container. Its defaults come from the config as it was at create.
 */
import { RuntError } from '../base/errors.ts';
import type { Config, Process } from '../bundle/config.ts';
import { loadProcess } from '../bundle/process-file.ts';
import { abandon, hearExec, labelsOf } from '../kernel/conversation.ts';
import type { ContainerRecord } from '../state/record.ts';
import { filterInput, handListener } from './syscall-filter.ts';
import { warnOfAmbient } from './ambient.ts';
import { type Begun, beginExec } from './begin-exec.ts';
import { checkConsole } from './console.ts';
import { checkPreserved } from './descriptors.ts';
import { waitInForeground } from './foreground.ts';
import { checkLabels } from './label-rules.ts';
import { demand, recordOf, statusOf } from './observe.ts';
import type { Ports } from './ports.ts';
import type { ExecProcess, ExecRequest } from './requests.ts';
import { storedBundle } from './start.ts';

export async function exec(ports: Ports, request: ExecRequest): Promise<number> {
  const { kernel, caller, trace } = ports;
  const record = recordOf(ports, request.id);
  const status = statusOf(ports, record, false);
  if (status !== 'paused' || !request.ignorePaused) demand(status, 'exec', request.id);
  trace?.enter('load');
  const { config, text } = storedBundle(ports, request.id);
  const process = processOf(request.process, config);
  checkConsole(
    process.terminal ?? false,
    request.detach || !kernel.blocking,
    request.consoleSocket,
  );
  checkPreserved(caller, request.preserveFds);
  warnOfAmbient(ports.log, process);
  const filter = await filterInput(ports, { config, text, keep: true });
  const { plan, init } = await beginExec(ports, { request, record, config, process, filter });
  trace?.enter('exec');
  await hearProgram(ports, { plan, init, record, config });
  kernel.close(init.channel);
  trace?.enter('process');
  if (!request.detach) return waitInForeground(kernel, init);
  kernel.leave({ ...init, keepsStatus: false });
  return 0;
}

interface Running extends Begun {
  readonly record: ContainerRecord;
  readonly config: Config;
}

/** The program runs, or its process is gone. */
async function hearProgram(ports: Ports, { plan, init, record, config }: Running): Promise<void> {
  const { kernel, log } = ports;
  const subject = { id: record.id, bundle: record.bundle, config };
  const filtered = { ...init, subject, status: 'running', init: record.init?.pid ?? 0 };
  try {
    await hearExec(kernel, {
      channel: init.channel,
      labels: labelsOf(plan),
      log,
      takeListener: (listener) => handListener(ports, filtered, listener),
    });
  } catch (error) {
    await abandon(kernel, init);
    throw error;
  }
}

function processOf(wanted: ExecProcess, config: Config): Process {
  const process =
    wanted.kind === 'file' ? loadProcess(wanted.path) : changedProcess(wanted, config);
  checkLabels(process);
  return process;
}

function changedProcess(
  changes: Extract<ExecProcess, { kind: 'changes' }>,
  config: Config,
): Process {
  const own = config.process;
  if (own === undefined)
    throw new RuntError('usage', { text: 'the container has no process to take defaults from' });
  const { consoleSize: _, ...rest } = own;
  const user = own.user ?? { uid: 0, gid: 0 };
  return {
    ...rest,
    args: [...changes.args],
    terminal: changes.tty,
    cwd: changes.cwd ?? own.cwd,
    ...(changes.selinuxLabel !== undefined && { selinuxLabel: changes.selinuxLabel }),
    ...(changes.apparmorProfile !== undefined && { apparmorProfile: changes.apparmorProfile }),
    env: [...(own.env ?? []), ...changes.env],
    user: {
      ...user,
      ...(changes.user && { uid: changes.user.uid, gid: changes.user.gid ?? user.gid }),
      ...(changes.additionalGids.length > 0 && {
        additionalGids: [...(user.additionalGids ?? []), ...changes.additionalGids],
      }),
    },
    noNewPrivileges: changes.noNewPrivileges || (own.noNewPrivileges ?? false),
    ...(changes.capabilities.length > 0 && {
      capabilities: withCapabilities(own.capabilities ?? {}, changes.capabilities),
    }),
  };
}

/** CVE-2022-29162: never inheritable; ambient only where the container's own inheritable set is there. */
function withCapabilities(
  own: NonNullable<Process['capabilities']>,
  added: readonly string[],
): NonNullable<Process['capabilities']> {
  const plus = (set: readonly string[] | undefined) => [...new Set([...(set ?? []), ...added])];
  return {
    ...own,
    bounding: plus(own.bounding),
    effective: plus(own.effective),
    permitted: plus(own.permitted),
    ...(own.inheritable && {
      ambient: [
        ...new Set([
          ...(own.ambient ?? []),
          ...added.filter((name) => own.inheritable?.includes(name)),
        ]),
      ],
    }),
  };
}
