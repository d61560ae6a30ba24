/**
 * `exec`: a further process in a running container. Its defaults come from the config as it was at create.
 */
import { RuntError } from '../base/errors.ts';
import type { Config, Process } from '../bundle/config.ts';
import { loadProcess } from '../bundle/process-file.ts';
import { selfJoin } from '../cgroup/plan/self-join.ts';
import { foldersOf } from '../intel-rdt/plan/placement.ts';
import {
  abandon,
  hearExec,
  labelsOf,
  type RunningInit,
  startPlan,
} from '../kernel/conversation.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { openNamespaces, openProcess, type ProcessIdentity } from '../kernel/process.ts';
import { apparmorFile } from '../kernel/security-modules.ts';
import { planExec } from '../plan/exec.ts';
import type { Plan } from '../plan/plan.ts';
import type { ContainerRecord } from '../state/record.ts';
import { filterInput, handListener } from './syscall-filter.ts';
import { checkConsole, giveAway } from './console.ts';
import { checkPreserved } from './descriptors.ts';
import { prepareForeground, waitInForeground } from './foreground.ts';
import { act } from './gate-actions.ts';
import { checkLabels } from './label-rules.ts';
import { demand, recordOf, statusOf } from './observe.ts';
import { writePidFile } from './pid-file.ts';
import type { Ports } from './ports.ts';
import type { ExecProcess, ExecRequest } from './requests.ts';
import { storedBundle } from './start.ts';

export async function exec(ports: Ports, request: ExecRequest): Promise<number> {
  const { kernel, caller } = ports;
  const record = recordOf(ports, request.id);
  demand(statusOf(ports, record, false), 'exec', request.id);
  const { config, text } = storedBundle(ports, request.id);
  const process = processOf(request.process, config);
  checkConsole(
    process.terminal ?? false,
    request.detach || !kernel.blocking,
    request.consoleSocket,
  );
  checkPreserved(caller, request.preserveFds);
  const filter = await filterInput(ports, { config, text, keep: true });
  const { files, cloneInto } = selfJoin(record.cgroup, kernel.facts());
  const plan = planExec({
    process,
    config,
    kernel: kernel.facts(),
    root: `/proc/${record.init?.pid ?? 0}/root`,
    caller: caller.traits,
    preserveFds: request.preserveFds,
    mayDropGroups: true,
    apparmorFile: process.apparmorProfile ? apparmorFile() : '',
    cgroupFiles: files,
    ...filter,
  });
  const handed = record.init && openHanded(kernel, record.init, plan.handed);
  if (handed === undefined)
    throw new RuntError('wrong-status', { id: request.id, verb: 'exec', status: 'stopped' });
  const init = await startPlan(kernel, {
    plan,
    handed,
    ...(cloneInto !== undefined && { cgroup: cloneInto }),
    log: ports.log,
    atGate: async (gate, running) => {
      const nothing = {
        kernel,
        runHooks: async () => {},
        moveInterface: () => {},
        assignResctrl: async () => {},
        record: () => {},
      };
      await act(nothing, plan.atGate[gate] ?? [], running);
      if (gate !== 'ready') return;
      if (record.intelRdt) (await ports.resctrl()).assign(foldersOf(record.intelRdt), running.pid);
      giveAway(kernel, running, request, 'setns');
      writePidFile(request.pidFile, running.pid);
      if (!request.detach) prepareForeground(kernel, running);
    },
  }).finally(() => {
    for (const descriptor of handed) kernel.close(descriptor);
  });
  await hearProgram(ports, { plan, init, record, config });
  kernel.close(init.channel);
  return request.detach ? 0 : waitInForeground(kernel, init);
}

interface Begun {
  readonly plan: Plan;
  readonly init: RunningInit;
  readonly record: ContainerRecord;
  readonly config: Config;
}

/** The program runs, or its process is gone. */
async function hearProgram(ports: Ports, { plan, init, record, config }: Begun): Promise<void> {
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

/** What leads to the container's namespaces: its init's pidfd, or each of them. */
function openHanded(
  kernel: Kernel,
  init: ProcessIdentity,
  wanted: Plan['handed'],
): readonly number[] | undefined {
  if (!wanted.includes('targetPidfd'))
    return openNamespaces(
      kernel,
      init,
      wanted.map((slot) => slot.replace('namespace:', '')),
    );
  const target = openProcess(kernel, init);
  return target === undefined ? undefined : [target];
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
