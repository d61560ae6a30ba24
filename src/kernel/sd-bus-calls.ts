/**
 * libsystemd's sd-bus, bound call by call: declarations, and nothing else.
 *
 * Pointers are bigints. Those that sd-bus hands out (`_Out_`) are: a bus and a message, which are ours to unref, and
 * strings, which belong to their message. No call here takes a callback, and none keeps a pointer to memory of ours.
 */
import { RuntError } from '../base/errors.ts';
import { libsystemdName } from './library-file.ts';
import { type SystemLibrary, systemLibrary } from './system-library.ts';

export type Pointer = bigint;
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
  wait(bus: Pointer, microseconds: bigint): number;
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
export async function sdBusCalls(needed: string): Promise<SdBusCalls> {
  if (bound !== undefined) return bound;
  const opened = await systemLibrary(libsystemdName).catch((cause: unknown) => {
    throw new RuntError('host-lacks', { what: libsystemdName, needed }, { cause });
  });
  bound = bind(opened);
  return bound;
}

function bind({ ffi, library }: SystemLibrary): SdBusCalls {
  const pointer = 'void *';
  const outPointer = ffi.out(ffi.pointer('void *'));
  const outText = ffi.out(ffi.pointer('str'));
  const errorType = ffi.struct({ name: 'str', message: 'str', needFree: 'int' });
  const getError: (message: Pointer) => unknown = library.func(
    'sd_bus_message_get_error',
    ffi.pointer(errorType),
    [pointer],
  );
  const append = 'sd_bus_message_append_basic';
  const read = 'sd_bus_message_read_basic';
  return {
    newBus: library.func('sd_bus_new', 'int', [outPointer]),
    setAddress: library.func('sd_bus_set_address', 'int', [pointer, 'str']),
    setBusClient: library.func('sd_bus_set_bus_client', 'int', [pointer, 'int']),
    start: library.func('sd_bus_start', 'int', [pointer]),
    process: library.func('sd_bus_process', 'int', [pointer, outPointer]),
    wait: library.func('sd_bus_wait', 'int', [pointer, 'uint64_t']),
    send: library.func('sd_bus_send', 'int', [pointer, pointer, pointer]),
    close: library.func('sd_bus_close', 'void', [pointer]),
    unrefBus: library.func('sd_bus_unref', pointer, [pointer]),
    newCall: library.func('sd_bus_message_new_method_call', 'int', [
      pointer,
      outPointer,
      'str',
      'str',
      'str',
      'str',
    ]),
    unref: library.func('sd_bus_message_unref', pointer, [pointer]),
    appendText: library.func(append, 'int', [pointer, 'char', 'str']),
    appendNumber: library.func(append, 'int', [pointer, 'char', pointer]),
    open: library.func('sd_bus_message_open_container', 'int', [pointer, 'char', 'str']),
    closeContainer: library.func('sd_bus_message_close_container', 'int', [pointer]),
    peek: library.func('sd_bus_message_peek_type', 'int', [pointer, pointer, outText]),
    enter: library.func('sd_bus_message_enter_container', 'int', [pointer, 'char', 'str']),
    exit: library.func('sd_bus_message_exit_container', 'int', [pointer]),
    readText: library.func(read, 'int', [pointer, 'char', outText]),
    readNumber: library.func(read, 'int', [pointer, 'char', pointer]),
    isSignal: library.func('sd_bus_message_is_signal', 'int', [pointer, 'str', 'str']),
    replyCookie: library.func('sd_bus_message_get_reply_cookie', 'int', [pointer, pointer]),
    error(message) {
      const found = getError(message);
      if (found === null) return undefined;
      const decoded: unknown = ffi.decode(found, errorType);
      const part = (name: string): string =>
        typeof decoded === 'object' && decoded !== null
          ? String(Reflect.get(decoded, name) ?? '')
          : '';
      return { name: part('name'), message: part('message') };
    },
  };
}
