/**
 * A connection over D-Bus, through libsystemd: calls are sent and answered, signals of one kind are kept.
 *
 * Without callbacks: sd-bus hands out each message that it receives, answers as well as signals. A wait stops
 * the whole process where that is wanted, and otherwise asks again and again with the event loop's turns between.
 */
import type { BusValue } from '../base/bus-value.ts';
import { RuntError } from '../base/errors.ts';
import { appendRow, checked, readRow } from './bus-message.ts';
import { inTurns } from './in-turns.ts';
import { type Out, type Pointer, type SdBusCalls, sdBusCalls } from './sd-bus-calls.ts';

export interface BusRequest {
  /** `unix:path=/run/systemd/private` */
  readonly address: string;
  /** There is a message bus behind the address, not the program itself. */
  readonly isBus: boolean;
  /** Waits stop the whole process. */
  readonly blocking: boolean;
  /** The signals to keep; others are dropped. */
  readonly keep: { readonly interface: string; readonly member: string };
  /** What needs the bus, for the error where there is no libsystemd. */
  readonly needed: string;
}

export interface BusCall {
  readonly destination: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  /** Of all arguments in a row. */
  readonly signature: string;
  readonly arguments: readonly BusValue[];
}

export type BusAnswer =
  | { readonly kind: 'values'; readonly values: readonly BusValue[] }
  /** The peer refused: D-Bus's name of the error, and the peer's sentence. */
  | { readonly kind: 'refusal'; readonly name: string; readonly message: string };

export interface Bus {
  /** `sd_bus_send`, and what comes back; undefined when the time, in ms, is over. */
  call(call: BusCall, milliseconds: number): Promise<BusAnswer | undefined>;
  /** The arguments of a kept signal that `find` wants, come already or yet to come; undefined when the time is over. */
  signal(
    find: (values: readonly BusValue[]) => boolean,
    milliseconds: number,
  ): Promise<readonly BusValue[] | undefined>;
  close(): void;
}

/** A connection that is under way: the first call shows whether it stands. */
export async function openBus(request: BusRequest): Promise<Bus> {
  const calls = sdBusCalls(request.needed);
  const bus = connect(calls, request);
  const { interface: face, member } = request.keep;
  const kept: (readonly BusValue[])[] = [];
  const answers = new Map<bigint, BusAnswer>();

  /** Takes what sd-bus has; false when it has nothing. */
  const step = (): boolean => {
    const out: Out<Pointer> = [null];
    const progress = checked(calls.process(bus, out), `talk to ${request.address}`) > 0;
    const [message] = out;
    if (message === null) return progress;
    try {
      const cookie = new BigUint64Array(1);
      if (calls.isSignal(message, face, member) > 0) kept.push(readRow(calls, message));
      else if (calls.replyCookie(message, cookie) >= 0)
        answers.set(cookie[0] ?? 0n, answerOf(calls, message));
      return true;
    } finally {
      calls.unref(message);
    }
  };

  const until = async <T>(
    ask: () => T | undefined,
    milliseconds: number,
  ): Promise<T | undefined> => {
    let found: T | undefined;
    const attempt = (): boolean => {
      while ((found = ask()) === undefined && step());
      return found !== undefined;
    };
    if (!request.blocking) await inTurns(attempt, milliseconds);
    else {
      const end = performance.now() + milliseconds;
      while (!attempt()) {
        const left = end - performance.now();
        if (left <= 0) break;
        waitFor(calls, bus, left, request.address);
      }
    }
    return found;
  };

  return {
    async call(call, milliseconds) {
      const cookie = send(calls, bus, call);
      const answer = await until(() => answers.get(cookie), milliseconds);
      answers.delete(cookie);
      return answer;
    },
    signal: (find, milliseconds) =>
      until(() => {
        const index = kept.findIndex(find);
        return index < 0 ? undefined : kept.splice(index, 1)[0];
      }, milliseconds),
    close() {
      calls.close(bus);
      calls.unrefBus(bus);
    },
  };
}

function connect(calls: SdBusCalls, { address, isBus }: BusRequest): Pointer {
  const out: Out<Pointer> = [null];
  checked(calls.newBus(out), 'make a connection of D-Bus');
  const [bus] = out;
  if (bus === null) throw new RuntError('system-call', { doing: 'sd_bus_new', errno: 'ENOMEM' });
  try {
    checked(calls.setAddress(bus, address), `read the address ${address}`);
    if (isBus) checked(calls.setBusClient(bus, 1), 'make a connection of D-Bus');
    checked(calls.start(bus), `connect to ${address}`);
    return bus;
  } catch (error) {
    calls.unrefBus(bus);
    throw error;
  }
}

/** The call's cookie, which its answer will name. */
function send(calls: SdBusCalls, bus: Pointer, call: BusCall): bigint {
  const out: Out<Pointer> = [null];
  checked(
    calls.newCall(bus, out, call.destination, call.path, call.interface, call.member),
    `call ${call.member}`,
  );
  const [message] = out;
  if (message === null) throw new RuntError('system-call', { doing: 'call', errno: 'ENOMEM' });
  try {
    appendRow(calls, message, call.signature, call.arguments);
    const cookie = new BigUint64Array(1);
    checked(calls.send(bus, message, cookie), `call ${call.member}`);
    return cookie[0] ?? 0n;
  } finally {
    calls.unref(message);
  }
}

function answerOf(calls: SdBusCalls, message: Pointer): BusAnswer {
  const error = calls.error(message);
  if (error !== undefined) return { kind: 'refusal', ...error };
  return { kind: 'values', values: readRow(calls, message) };
}

const interrupted = -4;

function waitFor(calls: SdBusCalls, bus: Pointer, milliseconds: number, address: string): void {
  const result = calls.wait(bus, Math.ceil(milliseconds * 1000));
  if (result !== interrupted) checked(result, `talk to ${address}`);
}
