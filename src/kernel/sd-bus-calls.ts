/**
 * libsystemd's sd-bus, bound call by call: declarations, and nothing else.
 *
 * Those pointers that sd-bus hands out (`_Out_`) are: a bus and a message, which are ours to unref, and strings, which
 * belong to their message. No call here takes a callback, and none keeps a pointer to memory of ours.
 */
import { libsystemdName } from './library-file.ts';
import { bytesAt, cText, type SystemLibrary, systemLibrary, textAt } from './system-library.ts';

export type Pointer = number;
/** Where a call puts what it hands out. */
export type Out<T> = [T | null];

export interface SdBusCalls {
  /** `sd_bus_new(&bus)` */
  newBus(bus: Out<Pointer>): number;
  /** `sd_bus_set_address(bus, address)` */
  setAddress(bus: Pointer, address: string): number;
  /** `sd_bus_set_bus_client(bus, b)`: says Hello, as a message bus wants it and a direct peer does not. */
  setBusClient(bus: Pointer, is: number): number;
  /** `sd_bus_start(bus)` */
  start(bus: Pointer): number;
  /** `sd_bus_process(bus, &message)`: 1 when something was done, which may have been to receive a message. */
  process(bus: Pointer, message: Out<Pointer>): number;
  /** `sd_bus_wait(bus, microseconds)` */
  wait(bus: Pointer, microseconds: number): number;
  /** `sd_bus_send(bus, message, &cookie)` */
  send(bus: Pointer, message: Pointer, cookie: BigUint64Array): number;
  /** `sd_bus_close(bus)`: drops what is queued; never waits. */
  close(bus: Pointer): void;
  /** `sd_bus_unref(bus)` */
  unrefBus(bus: Pointer): void;
  /** `sd_bus_message_new_method_call(bus, &message, destination, path, interface, member)` */
  newCall(
    bus: Pointer,
    message: Out<Pointer>,
    destination: string,
    path: string,
    face: string,
    member: string,
  ): number;
  /** `sd_bus_message_unref(message)` */
  unref(message: Pointer): void;
  /** `sd_bus_message_append_basic(message, type, value)` for strings, which go by their own pointer. */
  appendText(message: Pointer, type: number, value: string): number;
  /** The same for numbers, which go by a pointer to them. */
  appendNumber(message: Pointer, type: number, value: ArrayBufferView): number;
  /** `sd_bus_message_open_container(message, type, contents)` */
  open(message: Pointer, type: number, contents: string): number;
  /** `sd_bus_message_close_container(message)` */
  closeContainer(message: Pointer): number;
  /** `sd_bus_message_peek_type(message, &type, &contents)`: 0 at the end of a container or the message. */
  peek(message: Pointer, type: Uint8Array, contents: Out<string>): number;
  /** `sd_bus_message_enter_container(message, type, contents)` */
  enter(message: Pointer, type: number, contents: string): number;
  /** `sd_bus_message_exit_container(message)` */
  exit(message: Pointer): number;
  /** `sd_bus_message_read_basic(message, type, &value)` for strings */
  readText(message: Pointer, type: number, value: Out<string>): number;
  /** The same for numbers. */
  readNumber(message: Pointer, type: number, value: ArrayBufferView): number;
  /** `sd_bus_message_is_signal(message, interface, member)` */
  isSignal(message: Pointer, face: string, member: string): number;
  /** `sd_bus_message_get_reply_cookie(message, &cookie)`: below 0 where it answers nothing. */
  replyCookie(message: Pointer, cookie: BigUint64Array): number;
  /** `sd_bus_message_get_error(message)`: undefined where the answer is none. */
  error(message: Pointer): { readonly name: string; readonly message: string } | undefined;
}

let bound: SdBusCalls | undefined;

/** `needed`: what for, for the error. */
export function sdBusCalls(needed: string): SdBusCalls {
  bound ??= bind(systemLibrary(libsystemdName, needed));
  return bound;
}

/** For a call that is given the place of a pointer, which it fills. */
function handedOut<T>(
  out: Out<T>,
  call: (place: BigUint64Array) => number,
  read: (pointer: Pointer) => T | null,
): number {
  const place = new BigUint64Array(1);
  const result = call(place);
  out[0] = read(Number(place[0] ?? 0n));
  return result;
}

const pointerOrNull = (pointer: Pointer): Pointer | null => (pointer === 0 ? null : pointer);
const textOrNull = (pointer: Pointer): string | null => textAt(pointer) ?? null;

function bind(library: SystemLibrary): SdBusCalls {
  const int = (name: string) => library.int(`sd_bus_${name}`);
  const newBus = int('new');
  const setAddress = int('set_address');
  const process = int('process');
  const newCall = int('message_new_method_call');
  const append = int('message_append_basic');
  const read = int('message_read_basic');
  const open = int('message_open_container');
  const peek = int('message_peek_type');
  const enter = int('message_enter_container');
  const isSignal = int('message_is_signal');
  const getError = library.pointer('sd_bus_message_get_error');
  return {
    newBus: (bus) => handedOut(bus, (place) => newBus(place), pointerOrNull),
    setAddress: (bus, address) => setAddress(bus, cText(address)),
    setBusClient: int('set_bus_client'),
    start: int('start'),
    process: (bus, message) => handedOut(message, (place) => process(bus, place), pointerOrNull),
    wait: int('wait'),
    send: int('send'),
    close: int('close'),
    unrefBus: int('unref'),
    newCall: (bus, message, destination, path, face, member) =>
      handedOut(
        message,
        (place) => newCall(bus, place, cText(destination), cText(path), cText(face), cText(member)),
        pointerOrNull,
      ),
    unref: int('message_unref'),
    appendText: (message, type, value) => append(message, type, cText(value)),
    appendNumber: append,
    open: (message, type, contents) => open(message, type, cText(contents)),
    closeContainer: int('message_close_container'),
    peek: (message, type, contents) =>
      handedOut(contents, (place) => peek(message, type, place), textOrNull),
    enter: (message, type, contents) => enter(message, type, cText(contents)),
    exit: int('message_exit_container'),
    readText: (message, type, value) =>
      handedOut(value, (place) => read(message, type, place), textOrNull),
    readNumber: read,
    isSignal: (message, face, member) => isSignal(message, cText(face), cText(member)),
    replyCookie: int('message_get_reply_cookie'),
    error(message) {
      const found = getError(message);
      if (found === 0) return undefined;
      // sd_bus_error: name, message, and what is none of ours
      const places = bytesAt(found, 16);
      const part = (at: number): string => textAt(Number(places.getBigUint64(at, true))) ?? '';
      return { name: part(0), message: part(8) };
    },
  };
}
