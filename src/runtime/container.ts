/**
 * Making a container, as `create` and `run` both do it: the record first, then everything that it names.
 *
 * Whatever fails, all of it is taken back; should runt itself be killed, the record says what to clear.
 */
import { isRuntError, RuntError } from '../base/errors.ts';
import { orUnwind, type Unwind } from '../base/unwind.ts';
import type { Bundle } from '../bundle/load.ts';
import { planDelegation } from '../cgroup/plan/delegation.ts';
import { deviceFilter } from '../cgroup/plan/device-rules.ts';
import { type CgroupPlacement, isScope } from '../cgroup/plan/placement.ts';
import { firstJoin } from '../cgroup/plan/self-join.ts';
import { isOwnNetwork, openNetwork } from '../kernel/interfaces.ts';
import { type RunningInit, startPlan } from '../kernel/conversation.ts';
import { startTimeOf } from '../kernel/process.ts';
import type { HostAction, Plan } from '../plan/plan.ts';
import type { Readiness } from '../kernel/kernel.ts';
import type { ContainerRecord } from '../state/record.ts';
import { type Held, startSocket } from '../state/store.ts';
import { activatedConfig, activationOf, listenForReadiness } from './activation.ts';
import { giveAway } from './console.ts';
import { checkPreserved } from './descriptors.ts';
import { act } from './gate-actions.ts';
import { type IdMaps, writeIdMaps } from './id-maps.ts';
import { type InterfaceMover, interfaceMover } from './net-devices.ts';
import { firstRecord, sharesPids } from './first-record.ts';
import { runHostHooks } from './host-hooks.ts';
import { removePidFile, writePidFile } from './pid-file.ts';
import { containerPlan } from './plan.ts';
import type { Ports } from './ports.ts';
import type { CreateRequest } from './requests.ts';

export interface MadeContainer {
  readonly init: RunningInit;
  readonly bundle: Bundle;
  readonly plan: Plan;
  readonly record: ContainerRecord;
  readonly held: Held;
  /** Who is to be told when it is ready, where it was made to run at once. */
  readonly readiness?: Readiness;
  /** Interfaces that went into it: to be closed once it is sure to stay. */
  readonly interfaces: InterfaceMover;
}

type MoveInterface = Extract<HostAction, { kind: 'moveInterface' }>;

export interface MakeOptions {
  /** The init waits on its start socket; else it goes on to the user's program. */
  readonly waitsForStart: boolean;
  /** Just before the init may pass its last gate. */
  readonly beforeGo?: (init: RunningInit) => void;
}

/** Makes the container up to its last gate. The folder stays held; the caller releases it. */
export async function makeContainer(
  ports: Ports,
  bundle: Bundle,
  request: CreateRequest,
  options: MakeOptions,
): Promise<MadeContainer> {
  const { cgroups, store, trace } = ports;
  trace?.enter('place');
  const activation = activationOf(ports);
  const preserveFds = request.preserveFds + activation.sockets;
  checkPreserved(ports.caller, preserveFds);
  // before the cgroup, which is of the same name: "in use" is the better reason
  if (store.has(request.id)) throw new RuntError('id-in-use', { id: request.id });
  const placement = await cgroups.place({
    id: request.id,
    cgroupsPath: bundle.config.linux?.cgroupsPath,
    resources: bundle.config.linux?.resources,
  });
  if (ports.rights().mayLackCgroups) warnOfEscape(ports.log, placement, bundle);
  // somebody else's processes must never be found by the clean-up of ours
  cgroups.refuseOccupied(placement);
  const { intelRdt } = bundle.config.linux ?? {};
  const rdt = intelRdt && (await ports.resctrl()).place(intelRdt, request.id);
  return orUnwind(async (unwind) => {
    trace?.enter('take the folder');
    const held = await store.add(request.id);
    unwind.push(() => {
      store.remove(held);
      held.release();
    });
    if (activation.manager !== undefined) store.makeNotifyFolder(held);
    trace?.enter('plan');
    const plan = await containerPlan(
      { ...ports, ...options, keepFilter: true, rdt, traced: trace !== undefined },
      { ...bundle, config: activatedConfig(bundle.config, held.path, activation) },
      placement,
      { ...request, preserveFds },
    );
    trace?.enter('record');
    const record = {
      ...firstRecord(ports, bundle, placement, plan, request),
      ...(rdt && { intelRdt: rdt }),
    };
    store.writeConfig(held, bundle.text);
    store.write(held, record);
    return build(ports, { bundle, placement, plan, record, held, request, options }, unwind);
  });
}

/** runc's words: nothing then names the processes that outlive the init. */
function warnOfEscape(
  log: Ports['log'],
  { directories }: CgroupPlacement,
  { config }: Bundle,
): void {
  if (directories.length > 0 || !sharesPids(config)) return;
  log.warning(
    'Creating a rootless container with no cgroup and no private pid namespace. ' +
      "Such configuration is strongly discouraged (as it is impossible to properly kill all container's processes)",
  );
}

interface Making {
  readonly bundle: Bundle;
  readonly placement: CgroupPlacement;
  readonly plan: Plan;
  readonly record: ContainerRecord;
  readonly held: Held;
  readonly request: CreateRequest;
  readonly options: MakeOptions;
}

async function build(ports: Ports, making: Making, unwind: Unwind): Promise<MadeContainer> {
  const { kernel, cgroups, store, trace } = ports;
  const { bundle, placement, plan, held, request } = making;
  unwind.push(async () => {
    if (cgroups.processes(placement).length > 0) await cgroups.killAll(placement);
    await cgroups.remove(placement);
  });
  if (!isScope(placement)) await makeCgroups(ports, making, 0);
  await makeRdtGroups(ports, bundle, making.record, unwind);
  const readiness = making.options.waitsForStart ? undefined : listenForReadiness(ports, held);
  const listener = plan.handed
    .filter((slot) => slot === 'startListener')
    .map(() => kernel.listen(held.folder, startSocket));
  let { record } = making;
  const subject = { id: request.id, bundle: bundle.path, config: bundle.config };
  const run = { hooks: bundle.config.hooks, subject, status: 'creating' };
  unwind.push(() => afterFailure(ports, bundle, subject));
  const cloneInto = firstJoin(placement, kernel.facts()).cloneInto;
  const interfaces = interfaceMover({ open: openNetwork, isOwn: isOwnNetwork });
  unwind.push(interfaces.giveBack);
  const init = await startPlan(kernel, {
    plan,
    handed: listener,
    ...(trace && { trace }),
    ...(cloneInto !== undefined && { cgroup: cloneInto }),
    log: ports.log,
    atGate: async (gate, running) => {
      const hands = {
        kernel,
        startUnit: () => makeCgroups(ports, making, running.pid),
        joinUnit: async () => {},
        mapIds: (maps: IdMaps) => mapIds(ports, running.pid, maps),
        runHooks: (stage: 'prestart' | 'createRuntime') =>
          runHostHooks(ports, { ...run, stage, pid: running.pid }),
        moveInterface: (action: MoveInterface) => interfaces.move(action, running.pid),
        assignResctrl: async (groups: readonly string[]) =>
          (await ports.resctrl()).assign(groups, running.pid),
        record: async () => {
          await cgroups.setLimits(placement, bundle.config.linux?.resources ?? {}, 'last');
          giveAway(kernel, running, request, 'standard');
          unwind.push(() => removePidFile(request.pidFile));
          writePidFile(request.pidFile, running.pid);
          record = { ...record, phase: 'created', init: identityOf(running) };
          store.write(held, record);
          making.options.beforeGo?.(running);
        },
      };
      await act(hands, plan.atGate[gate] ?? [], running);
    },
  })
    .catch(async (error: unknown) => {
      throw await namingMemory(ports, placement, error);
    })
    .finally(() => {
      for (const descriptor of listener) kernel.close(descriptor);
    });
  return { init, bundle, plan, record, held, interfaces, ...(readiness && { readiness }) };
}

async function mapIds(
  { rights, ids, caller, kernel }: Ports,
  pid: number,
  maps: IdMaps,
): Promise<void> {
  if (rights().privilege !== 'none') writeIdMaps(pid, maps);
  else {
    const rootless = await import('./rootless/id-maps.ts');
    rootless.mapIds(pid, maps, { ...ids, env: caller.env, kernel });
  }
}

/** A process that the kernel ends for want of memory cannot say why. */
async function namingMemory(
  { cgroups }: Ports,
  placement: CgroupPlacement,
  error: unknown,
): Promise<unknown> {
  if (!isRuntError(error, 'init-died') || !(await cgroups.hadOom(placement))) return error;
  // runc's words
  const status = 'container init was OOM-killed (memory limit too low?)';
  return new RuntError('init-died', { status }, { cause: error });
}

/** The cgroups with everything that is to hold in them. `pid` is the first process, where it has to be there before. */
async function makeCgroups(
  { cgroups, trace }: Ports,
  { bundle, placement, request }: Making,
  pid: number,
): Promise<void> {
  trace?.enter('cgroups');
  const { config } = bundle;
  const { linux, annotations = {} } = config;
  const resources = linux?.resources ?? {};
  const filter = deviceFilter(resources.devices ?? []);
  await cgroups.startUnit(placement, { id: request.id, pid, resources, filter, annotations });
  cgroups.create(placement);
  cgroups.applyDevices(placement, filter);
  await cgroups.setLimits(placement, resources, 'before');
  const delegation = planDelegation(config, placement);
  if (delegation) cgroups.delegate(delegation);
}

async function makeRdtGroups(
  ports: Ports,
  { config }: Bundle,
  { intelRdt }: ContainerRecord,
  unwind: Unwind,
): Promise<void> {
  const wanted = config.linux?.intelRdt;
  if (intelRdt === undefined || wanted === undefined) return;
  const resctrl = await ports.resctrl();
  resctrl.create(intelRdt, wanted);
  unwind.push(() => resctrl.remove(intelRdt, false));
}

/** runtime.md#lifecycle: when making a container fails after its hooks may have run, poststop hooks run as well. */
async function afterFailure(
  ports: Ports,
  { config }: Bundle,
  subject: { id: string; bundle: string; config: Bundle['config'] },
): Promise<void> {
  const began = [
    config.hooks?.prestart,
    config.hooks?.createRuntime,
    config.hooks?.createContainer,
  ];
  if (!began.some((hooks) => hooks && hooks.length > 0)) return;
  await runHostHooks(ports, {
    stage: 'poststop',
    hooks: config.hooks,
    subject,
    status: 'stopped',
    pid: 0,
  });
}

function identityOf({ pid }: RunningInit): { pid: number; startTime: number } {
  const startTime = startTimeOf(pid);
  if (startTime === undefined) throw new RuntError('init-died', { status: 'it ended at once' });
  return { pid, startTime };
}
