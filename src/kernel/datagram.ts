/**
 * Datagram sockets of AF_UNIX, which the engine has not: by the C library, for what is off the common path.
 */
import { errnoName } from '../base/errno-text.ts';
import { RuntError } from '../base/errors.ts';
import { systemLibrary } from './system-library.ts';

const afUnix = 1;
const datagram = 2;
const closeOnExec = 0o2000000;
const noSignal = 0x4000;

export interface DatagramSocket {
  readonly descriptor: number;
  /** `send(MSG_NOSIGNAL)`: 0, or -errno. */
  send(bytes: Uint8Array): number;
}

/** struct sockaddr_un; a name that begins with @ is an abstract one. */
function socketAddress(path: string): Buffer {
  const name = path.startsWith('@') ? `\0${path.slice(1)}` : `${path}\0`;
  const address = Buffer.alloc(2 + Buffer.byteLength(name));
  address.writeUInt16LE(afUnix);
  address.write(name, 2);
  return address;
}

/** sizeof(struct sockaddr_un) */
const longestAddress = 110;

/** `socket(AF_UNIX, SOCK_DGRAM)`, `connect(path)`; `doing` names it in the error. */
export async function connectDatagram(path: string, doing: string): Promise<DatagramSocket> {
  const { ffi, library } = await systemLibrary(null);
  const socket = library.func('int socket(int, int, int)') as (
    ...words: readonly number[]
  ) => number;
  const connect = library.func('int connect(int, const void *, uint32_t)') as (
    descriptor: number,
    address: Uint8Array,
    length: number,
  ) => number;
  const send = library.func('intptr_t send(int, const void *, size_t, int)') as (
    descriptor: number,
    bytes: Uint8Array,
    length: number,
    flags: number,
  ) => number;
  const fail = (number: number) =>
    new RuntError('system-call', { doing, errno: errnoName(number) });
  const address = socketAddress(path);
  if (address.length > longestAddress)
    throw new RuntError('system-call', { doing, errno: 'ENAMETOOLONG' });
  const descriptor = socket(afUnix, datagram | closeOnExec, 0);
  if (descriptor < 0) throw fail(ffi.errno());
  if (connect(descriptor, address, address.length) < 0) throw fail(ffi.errno());
  return {
    descriptor,
    send: (bytes) =>
      send(descriptor, bytes, bytes.length, noSignal) === bytes.length ? 0 : -ffi.errno(),
  };
}
