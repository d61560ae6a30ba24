/**
 * Network interfaces, through a door to one network namespace: an rtnetlink(7) socket, which speaks of the namespace
 * it was opened in. So an interface can be moved, and moved back, without anybody changing namespace.
 */
import { closeSync, openSync, statSync } from 'node:fs';
import { errnoName } from '../base/errno-text.ts';
import { RuntError } from '../base/errors.ts';
import { type Librunt, librunt } from './librunt.ts';

export interface Interface {
  readonly index: number;
  readonly up: boolean;
}

/** An address or a route as the kernel told it: told again, it is given to another interface. */
export type NetworkMessage = Uint8Array;

/** librunt.h, enum net_list */
const lists = { addresses: 0, routes: 1 } as const;
export type NetworkList = keyof typeof lists;

export interface NetworkDoor {
  /** `RTM_GETLINK`; undefined where there is no interface of this name. */
  find(name: string): Interface | undefined;
  /** `RTM_GETADDR`, `RTM_GETROUTE` */
  list(which: NetworkList, index: number): readonly NetworkMessage[];
  /** `RTM_NEWADDR`, `RTM_NEWROUTE`. `whole`: with the label and what was left of the lifetime. */
  add(which: NetworkList, index: number, message: NetworkMessage, whole: boolean): void;
  /**
   * `RTM_NEWLINK`: moves to the namespace of a process and renames, in one request. `index` is the interface's number
   * there; beside an `errno` it says that it has gone and could not be given the name.
   */
  move(index: number, pid: number, name: string): { readonly index?: number; errno?: string };
  /** `RTM_NEWLINK`: IFF_UP */
  setUp(index: number): void;
  close(): void;
}

/** About a thousand addresses of one interface. */
const listBytes = 65_536;

function check(result: number, doing: string): number {
  if (result < 0) throw new RuntError('system-call', { doing, errno: errnoName(-result) });
  return result;
}

/** A door to the network namespace of a process, or to our own. */
export function openNetwork(pid?: number): NetworkDoor {
  const lib = librunt();
  return pid === undefined
    ? door(lib, check(lib.netOpen(-1), 'open a netlink socket'))
    : openThere(lib, pid);
}

/** namespaces(7): the same inode is the same namespace. */
export function isOwnNetwork(pid: number): boolean {
  const [theirs, ours] = [`/proc/${pid}/ns/net`, '/proc/self/ns/net'].map((path) => statSync(path));
  return theirs?.ino === ours?.ino;
}

function openThere(lib: Librunt, pid: number): NetworkDoor {
  const namespace = openSync(`/proc/${pid}/ns/net`, 'r');
  try {
    return door(lib, check(lib.netOpen(namespace), "open a netlink socket in the container's net"));
  } finally {
    closeSync(namespace);
  }
}

function door(lib: Librunt, socket: number): NetworkDoor {
  return {
    find(name) {
      const found = lib.netFind(socket, name);
      if (typeof found !== 'number') return { index: found.index, up: Boolean(found.up) };
      if (errnoName(-found) === 'ENODEV') return undefined;
      throw new RuntError('system-call', {
        doing: `find the interface ${name}`,
        errno: errnoName(-found),
      });
    },
    list(which, index) {
      const buffer = new Uint8Array(listBytes);
      const length = check(lib.netList(socket, lists[which], index, buffer), `list its ${which}`);
      return messagesIn(buffer.subarray(0, length));
    },
    add: (which, index, message, whole) =>
      void check(
        lib.netAdd(socket, lists[which], index, message, Number(whole)),
        `give it its ${which}`,
      ),
    move(index, pid, name) {
      const moved = lib.netMove(socket, index, pid, name);
      return {
        ...(moved.index > 0 && { index: moved.index }),
        ...(moved.result < 0 && { errno: errnoName(-moved.result) }),
      };
    },
    setUp: (index) => void check(lib.netUp(socket, index), 'set it up'),
    close: () => closeSync(socket),
  };
}

/** struct nlmsghdr: a message begins with its length, and is padded to four bytes. */
export function messagesIn(bytes: Uint8Array): NetworkMessage[] {
  const header = 16;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const messages: NetworkMessage[] = [];
  for (let at = 0; at + header <= bytes.length;) {
    const length = Math.max(header, view.getUint32(at, true));
    messages.push(bytes.subarray(at, at + length));
    at += (length + 3) & ~3;
  }
  return messages;
}

/** struct ifaddrmsg, behind the header: family, prefix, flags (IFA_F_PERMANENT), scope (RT_SCOPE_UNIVERSE is 0). */
export function isLastingAddress(message: NetworkMessage): boolean {
  const permanent = 0x80;
  return ((message[18] ?? 0) & permanent) !== 0 && message[19] === 0;
}

/** struct rtmsg: RTPROT_KERNEL marks what an address brings with it, RTM_F_CLONED what is only remembered. */
export function isOwnRoute(message: NetworkMessage): boolean {
  const kernel = 2;
  const cloned = 0x200;
  const flags = new DataView(message.buffer, message.byteOffset).getUint32(24, true);
  return message[21] !== kernel && (flags & cloned) === 0;
}
