/**
 * `delete`: of a stopped container, of one that waits for its start, and by force of any.
 */
import { isRuntError, RuntError } from '../base/errors.ts';
import { openProcess, type ProcessIdentity } from '../kernel/process.ts';
import type { ContainerOutline, ContainerRecord } from '../state/record.ts';
import type { Held } from '../state/store.ts';
import { destroy } from './destroy.ts';
import { demand, statusOf } from './observe.ts';
import type { Ports } from './ports.ts';
import type { DeleteRequest } from './requests.ts';

const sigkill = 9;
/** How long a killed init may take to end, in ms: as long as runc waits. */
const patience = 10_000;

export async function deleteContainer(ports: Ports, { id, force }: DeleteRequest): Promise<void> {
  let held: Held;
  try {
    if (force) await endCreation(ports, id);
    held = await ports.store.hold(id);
  } catch (error) {
    if (force && isRuntError(error, 'container-missing')) return;
    throw error;
  }
  try {
    await deleteHeld(ports, held, force);
  } finally {
    held.release();
  }
}

/** A create that hangs keeps the container held; it gives up when its init is gone. */
async function endCreation({ store, cgroups }: Ports, id: string): Promise<void> {
  if (!store.isHeld(id)) return;
  const record = store.read(id);
  if (record?.phase === 'creating' && cgroups.processes(record.cgroup).length > 0)
    await cgroups.killAll(record.cgroup);
}

async function deleteHeld(ports: Ports, held: Held, force: boolean): Promise<void> {
  const record = await readable(ports, held, force);
  // a create that died before it wrote its record has made nothing else
  if (record === undefined) {
    ports.store.remove(held);
    return;
  }
  if (!force) demand(statusOf(ports, record, true), 'delete', record.id);
  await endInit(ports, record);
  await destroy(ports, held, record);
}

/** By force, even a folder whose record is damaged goes, with the init that its first line may still name. */
async function readable(
  ports: Ports,
  held: Held,
  force: boolean,
): Promise<ContainerRecord | undefined> {
  try {
    return ports.store.read(held.id);
  } catch (error) {
    if (!force || !isRuntError(error, 'record-damaged')) throw error;
    ports.log.warning(`the record of ${held.id} is damaged: its cgroups, if any, stay`);
    await endInit(ports, outlineLeft(ports, held.id));
    return undefined;
  }
}

function outlineLeft({ store }: Ports, id: string): Partial<ContainerOutline> {
  try {
    return store.readOutline(id) ?? {};
  } catch {
    return {};
  }
}

async function endInit(ports: Ports, { init, cgroup }: Partial<ContainerRecord>): Promise<void> {
  if (init === undefined) return;
  await killInit(ports, init, cgroup);
  // a child of ours is gone when it is reaped
  await ports.kernel.endOf(init);
}

async function killInit(
  { kernel, cgroups }: Ports,
  init: ProcessIdentity,
  cgroup: ContainerRecord['cgroup'] | undefined,
): Promise<void> {
  const pidfd = openProcess(kernel, init);
  if (pidfd === undefined) return;
  try {
    kernel.pidfdSignal(pidfd, sigkill);
    // a frozen process of cgroup v1 dies only when it thaws
    if (!(await kernel.pidfdWait(pidfd, 50)) && cgroup) await cgroups.killAll(cgroup);
    if (!(await kernel.pidfdWait(pidfd, patience)))
      throw new RuntError('busy', { what: 'container init still running' });
  } finally {
    kernel.close(pidfd);
  }
}
