/**
 * What a container is doing now: asked of the kernel each time, never remembered.
 */
import { RuntError } from '../base/errors.ts';
import { isAlive } from '../kernel/process.ts';
import { allows, type Status, type Verb } from '../state/lifecycle.ts';
import type { ContainerOutline, ContainerRecord } from '../state/record.ts';
import type { Ports } from './ports.ts';
import type { ContainerState } from './requests.ts';

type Observers = Pick<Ports, 'store' | 'cgroups'>;

/** `held`: the caller holds the container's folder, so nobody is creating it. */
export function statusOf(
  { store, cgroups }: Observers,
  record: ContainerOutline,
  held: boolean,
): Status {
  if (record.phase === 'creating') return !held && store.isHeld(record.id) ? 'creating' : 'stopped';
  if (record.init === undefined || !isAlive(record.init)) return 'stopped';
  if (cgroups.isFrozen(record.freezer)) return 'paused';
  return store.hasStartSocket(record.id) ? 'created' : 'running';
}

/** The record of a container that exists; a folder without one is a create that died before it wrote it. */
export const recordOf = ({ store }: Pick<Ports, 'store'>, id: string): ContainerRecord =>
  demandRecord(store.read(id), id);

/** The same, of what its state is told from. */
export const outlineOf = ({ store }: Pick<Ports, 'store'>, id: string): ContainerOutline =>
  demandRecord(store.readOutline(id), id);

function demandRecord<Part>(record: Part | undefined, id: string): Part {
  if (record === undefined) throw new RuntError('container-missing', { id });
  return record;
}

export function demand(status: Status, verb: Verb, id: string): void {
  if (!allows(status, verb)) throw new RuntError('wrong-status', { id, verb, status });
}

export function stateOf(record: ContainerOutline, status: Status, owner: string): ContainerState {
  const { ociVersion, id, bundle, rootfs, created, annotations } = record;
  return {
    ociVersion,
    id,
    pid: status === 'stopped' ? 0 : (record.init?.pid ?? 0),
    status,
    bundle,
    rootfs,
    created,
    ...(annotations && Object.keys(annotations).length > 0 && { annotations }),
    owner,
  };
}
