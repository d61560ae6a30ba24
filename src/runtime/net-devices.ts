/**
 * linux.netDevices: interfaces of the host that go into the container's network namespace, while its init waits.
 *
 * A move costs an interface its addresses, its routes and its state, so they are noted before. Lasting addresses are
 * given to it there; on the host, under the old name, all of it is given back when the container cannot be made.
 */
import { isRuntError, RuntError } from '../base/errors.ts';
import {
  type Interface,
  isLastingAddress,
  isOwnRoute,
  type NetworkDoor,
  type NetworkList,
  type NetworkMessage,
} from '../kernel/interfaces.ts';
import type { HostAction } from '../plan/plan.ts';

type Move = Extract<HostAction, { kind: 'moveInterface' }>;

export interface InterfaceMover {
  /** Into the network namespace of this process. */
  move(action: Move, pid: number): void;
  /** All of them, newest first: back to the host, as they were. */
  giveBack(): void;
  /** They stay: their lifetime is the namespace's (config-linux.md#network-devices). */
  close(): void;
}

interface Moved {
  readonly name: string;
  readonly was: Interface;
  readonly addresses: readonly NetworkMessage[];
  readonly routes: readonly NetworkMessage[];
  /** Its number in the container. */
  readonly index: number;
}

export interface Networks {
  /** Of a process, or our own. */
  open(pid?: number): NetworkDoor;
  /** Whether a process is in the network namespace that we are in. */
  isOwn(pid: number): boolean;
}

export function interfaceMover(networks: Networks): InterfaceMover {
  const moved: Moved[] = [];
  let doors: { readonly host: NetworkDoor; readonly inside: NetworkDoor } | undefined;
  const close = (): void => {
    doors?.host.close();
    doors?.inside.close();
    doors = undefined;
  };
  return {
    move(action, pid) {
      // a path may have led back
      if (networks.isOwn(pid))
        throw new RuntError('usage', {
          text: 'unable to move network devices without a NET namespace',
        });
      doors ??= { host: networks.open(), inside: networks.open(pid) };
      carryOut(action, pid, doors.host, doors.inside, moved);
    },
    giveBack() {
      if (doors === undefined) return;
      const { host, inside } = doors;
      const failures = moved
        .toReversed()
        .flatMap((device) => failureOf(() => returnOne(device, host, inside)));
      close();
      if (failures[0] !== undefined) throw failures[0];
    },
    close,
  };
}

function carryOut(
  { from, to, origin }: Move,
  pid: number,
  host: NetworkDoor,
  inside: NetworkDoor,
  moved: Moved[],
): void {
  const doing = `move the interface ${from} into the container as ${to}`;
  const refuse = (errno: string, detail = ''): RuntError =>
    new RuntError('step-failed', { origin, doing, errno, detail, step: 0 });
  const was = host.find(from);
  if (was === undefined) throw refuse('ENODEV', `the host has no interface ${from}`);
  // the kernel would move first and fail to rename then
  if (inside.find(to)) throw refuse('EEXIST', `the container has an interface ${to}`);
  const addresses = host.list('addresses', was.index);
  const routes = host.list('routes', was.index).filter(isOwnRoute);
  const { index, errno } = host.move(was.index, pid, to);
  if (index !== undefined) moved.push({ name: from, was, addresses, routes, index });
  if (errno !== undefined) throw refuse(errno);
  if (index === undefined) throw refuse('ENODEV', 'the kernel did not tell where it went');
  try {
    for (const address of addresses.filter(isLastingAddress))
      inside.add('addresses', index, address, false);
    inside.setUp(index);
  } catch (error) {
    if (!isRuntError(error, 'system-call')) throw error;
    throw refuse(error.facts.errno, error.facts.doing);
  }
}

function returnOne(device: Moved, host: NetworkDoor, inside: NetworkDoor): void {
  const { index: back, errno } = inside.move(device.index, process.pid, device.name);
  if (back === undefined || errno !== undefined)
    throw new RuntError('system-call', {
      doing: `give the interface ${device.name} back to the host`,
      errno: errno ?? 'ENODEV',
    });
  addAll(host, 'addresses', back, device.addresses);
  // a route needs an interface that is up
  if (!device.was.up) return;
  host.setUp(back);
  addAll(host, 'routes', back, device.routes);
}

/** What the kernel has made again by itself is there already. */
function addAll(
  door: NetworkDoor,
  which: NetworkList,
  index: number,
  messages: readonly NetworkMessage[],
): void {
  for (const message of messages) {
    try {
      door.add(which, index, message, true);
    } catch (error) {
      if (!isRuntError(error, 'system-call') || error.facts.errno !== 'EEXIST') throw error;
    }
  }
}

function failureOf(act: () => void): Error[] {
  try {
    act();
    return [];
  } catch (error) {
    return [error instanceof Error ? error : new Error(String(error))];
  }
}
