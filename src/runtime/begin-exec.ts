/**
 * Starts the process of an `exec`: into the container's cgroup, or the one below it that was asked for.
 */
import { isRuntError, RuntError } from '../base/errors.ts';
import type { Config, Process } from '../bundle/config.ts';
import type { CgroupPlacement } from '../cgroup/plan/placement.ts';
import { selfJoin } from '../cgroup/plan/self-join.ts';
import { foldersOf } from '../intel-rdt/plan/placement.ts';
import { type RunningInit, startPlan } from '../kernel/conversation.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { openNamespaces, openProcess, type ProcessIdentity } from '../kernel/process.ts';
import { apparmorFile } from '../kernel/security-modules.ts';
import { cgroupOrigin } from '../plan/namespaces.ts';
import { planExec } from '../plan/exec.ts';
import type { SyscallFilter } from '../plan/input.ts';
import type { Plan } from '../plan/plan.ts';
import type { ContainerRecord } from '../state/record.ts';
import { giveAway } from './console.ts';
import { prepareForeground } from './foreground.ts';
import { act } from './gate-actions.ts';
import { writePidFile } from './pid-file.ts';
import type { Ports } from './ports.ts';
import type { ExecRequest } from './requests.ts';

export interface Beginning {
  readonly request: ExecRequest;
  readonly record: ContainerRecord;
  readonly config: Config;
  readonly process: Process;
  readonly filter: { readonly filter?: SyscallFilter };
}

export interface Begun {
  readonly plan: Plan;
  readonly init: RunningInit;
}

export async function beginExec(ports: Ports, beginning: Beginning): Promise<Begun> {
  const { request, record } = beginning;
  const { cgroups: words = [] } = request;
  if (words.length > 0) {
    const { subCgroup } = await import('../cgroup/plan/sub-cgroup.ts');
    const placement = subCgroup(record.cgroup, words);
    return beginIn(ports, beginning, placement).catch((error: unknown) => {
      throw named(error, placement);
    });
  }
  if (ports.rights().mayLackCgroups && !(await ports.cgroups.mayJoin(record.cgroup)))
    return beginOutside(ports, beginning);
  try {
    return await beginIn(ports, beginning, record.cgroup);
  } catch (error) {
    const elsewhere = isOutOfPlace(error) ? whereInitIs(ports, record) : undefined;
    if (elsewhere === undefined) throw error;
    return beginIn(ports, beginning, elsewhere);
  }
}

/** A user may not move a process from a cgroup of others' to its own (cgroups(7)); but its service manager can. */
async function beginOutside(ports: Ports, beginning: Beginning): Promise<Begun> {
  const { cgroup } = beginning.record;
  const outside = { ...cgroup, directories: [] };
  if (cgroup.unit) return beginIn(ports, beginning, outside, true);
  ports.log.warning("the process is not in the container's cgroup, and has none of its limits");
  return beginIn(ports, beginning, outside);
}

async function beginIn(
  ports: Ports,
  { request, record, config, process, filter }: Beginning,
  placement: CgroupPlacement,
  waitsForUnit = false,
): Promise<Begun> {
  const { kernel, caller, trace } = ports;
  trace?.enter('plan');
  const { privilege } = ports.rights();
  const { files, cloneInto } = selfJoin(placement, kernel.facts());
  const plan = planExec({
    process,
    config,
    kernel: kernel.facts(),
    waitsForUnit,
    root: `/proc/${record.init?.pid ?? 0}/root`,
    caller: caller.traits,
    preserveFds: request.preserveFds,
    privilege,
    mayDropGroups: privilege === 'host' || (await mayChooseGroups(record.init?.pid ?? 0, process)),
    apparmorFile: process.apparmorProfile ? apparmorFile() : '',
    cgroupFiles: files,
    traced: trace !== undefined,
    ...filter,
  });
  const wanted = plan.handed.filter((slot) => slot !== 'timeline');
  const handed = record.init && openHanded(kernel, record.init, wanted);
  if (handed === undefined)
    throw new RuntError('wrong-status', { id: request.id, verb: 'exec', status: 'stopped' });
  const init = await startPlan(kernel, {
    plan,
    handed,
    ...(cloneInto !== undefined && { cgroup: cloneInto }),
    log: ports.log,
    ...(trace && { trace }),
    atGate: async (gate, running) => {
      const nothing = {
        kernel,
        startUnit: async () => {},
        joinUnit: ({ pid }: RunningInit) => ports.cgroups.joinUnit(record.cgroup, pid),
        mapIds: async () => {},
        runHooks: async () => {},
        moveInterface: () => {},
        assignResctrl: async () => {},
        record: async () => {},
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
  return { plan, init };
}

/** In the user namespace that the process goes to, which is the init's. */
async function mayChooseGroups(init: number, process: Process): Promise<boolean> {
  const { deniesGroups } = await import('../kernel/user-namespace.ts');
  if (!deniesGroups(init)) return true;
  (await import('./rootless/groups.ts')).refuseGroups(process);
  return false;
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

/** The cgroup has gone, or has turned into one that holds no processes of its own. */
function isOutOfPlace(error: unknown): boolean {
  const isJoin =
    isRuntError(error, 'system-call') ||
    (isRuntError(error, 'step-failed') && error.facts.origin === cgroupOrigin);
  return isJoin && /^(EBUSY|ENOENT|EOPNOTSUPP|ENODEV)$/.test(error.facts.errno);
}

/** On v2 a container may move its init, and give its own cgroup up or pass its controllers on: runc follows the init. */
function whereInitIs(
  { cgroups }: Ports,
  { cgroup, init }: ContainerRecord,
): CgroupPlacement | undefined {
  const [directory] = cgroup.directories;
  if (cgroup.mode !== 'v2' || directory === undefined || init === undefined) return undefined;
  const path = cgroups.pathOf(cgroup, init.pid);
  if (path === undefined || path === directory.path) return undefined;
  return { ...cgroup, directories: [{ ...directory, path }] };
}

/** runc's words for a place that cannot be taken. */
function named(error: unknown, { directories }: CgroupPlacement): unknown {
  if (!isRuntError(error, 'system-call') || error.facts.errno !== 'EBUSY') return error;
  const doing = `start the process by adding pid 0, itself, to cgroups ${directories.map(({ path }) => path).join(', ')}`;
  return new RuntError('system-call', { doing, errno: 'EBUSY' }, { cause: error });
}
