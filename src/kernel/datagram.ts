/**
 * Datagram sockets of AF_UNIX, which the engine has not: by the C library, for what is off the common path.
 */
import { closeSync } from 'node:fs';
import { errnoName } from '../base/errno-text.ts';
import { RuntError } from '../base/errors.ts';
import { cLibrary } from './system-library.ts';

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
function socketAddress(path: string): Uint8Array {
  const name = new TextEncoder().encode(path.startsWith('@') ? `\0${path.slice(1)}` : `${path}\0`);
  const address = new Uint8Array(2 + name.length);
  address[0] = afUnix;
  address.set(name, 2);
  return address;
}

/** sizeof(struct sockaddr_un) */
const longestAddress = 110;

/** `socket(AF_UNIX, SOCK_DGRAM)`, `connect(path)`; `doing` names it in the error. */
export function connectDatagram(path: string, doing: string): DatagramSocket {
  const library = cLibrary();
  const send = library.call('send');
  const checked = (result: number): number => {
    if (result < 0) throw new RuntError('system-call', { doing, errno: errnoName(-result) });
    return result;
  };
  const address = socketAddress(path);
  if (address.length > longestAddress)
    throw new RuntError('system-call', { doing, errno: 'ENAMETOOLONG' });
  const descriptor = checked(library.call('socket')(afUnix, datagram | closeOnExec, 0));
  const connected = library.call('connect')(descriptor, address, address.length);
  if (connected < 0) closeSync(descriptor);
  checked(connected);
  return {
    descriptor,
    send: (bytes) => Math.min(0, send(descriptor, bytes, bytes.length, noSignal)),
  };
}
