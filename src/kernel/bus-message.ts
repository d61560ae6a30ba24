/**
 * Values into a message of sd-bus, and out of one.
 */
import { type BusValue, completeTypes, memberTypes } from '../base/bus-value.ts';
import { errnoName } from '../base/errno-text.ts';
import { RuntError } from '../base/errors.ts';
import type { Out, Pointer, SdBusCalls } from './sd-bus-calls.ts';

/** Turns a negative result, which is an errno, into an error. */
export function checked(result: number, doing: string): number {
  if (result < 0) throw new RuntError('system-call', { doing, errno: errnoName(-result) });
  return result;
}

const doing = { write: 'write a message of D-Bus', read: 'read a message of D-Bus' } as const;

/** One value for each type in the row. */
export function appendRow(
  calls: SdBusCalls,
  message: Pointer,
  signature: string,
  values: readonly BusValue[],
): void {
  const types = completeTypes(signature);
  if (types.length !== values.length) throw unfit(signature, values);
  for (const [index, value] of values.entries()) append(calls, message, types[index] ?? '', value);
}

function append(calls: SdBusCalls, message: Pointer, type: string, value: BusValue): void {
  const inside = (kind: string, contents: string, fill: () => void): void => {
    checked(calls.open(message, letter(kind), contents), doing.write);
    fill();
    checked(calls.closeContainer(message), doing.write);
  };
  if (isText(type)) {
    // C would end it there
    if (typeof value !== 'string' || value.includes('\0')) throw unfit(type, value);
    checked(calls.appendText(message, letter(type), value), doing.write);
  } else if (type.startsWith('a')) {
    const elements = listed(type, value);
    const each = type.slice(1);
    inside('a', each, () => {
      for (const element of elements) append(calls, message, each, element);
    });
  } else if (type.startsWith('(')) {
    const members = listed(type, value);
    const signature = memberTypes(type).join('');
    inside('r', signature, () => appendRow(calls, message, signature, members));
  } else if (type === 'v') {
    const [signature, content] = listed(type, value);
    if (typeof signature !== 'string' || content === undefined) throw unfit(type, value);
    inside('v', signature, () => append(calls, message, signature, content));
  } else {
    if (typeof value === 'string' || isList(value)) throw unfit(type, value);
    checked(calls.appendNumber(message, letter(type), cell(type, value)), doing.write);
  }
}

/** All values of a message, from where it is read next. */
export function readRow(calls: SdBusCalls, message: Pointer): readonly BusValue[] {
  const values: BusValue[] = [];
  const type = new Uint8Array(1);
  const contents: Out<string> = [null];
  while (checked(calls.peek(message, type, contents), doing.read) > 0)
    values.push(read(calls, message, String.fromCharCode(type[0] ?? 0), contents[0] ?? ''));
  return values;
}

function read(calls: SdBusCalls, message: Pointer, type: string, contents: string): BusValue {
  if (isText(type)) {
    const text: Out<string> = [null];
    checked(calls.readText(message, letter(type), text), doing.read);
    return text[0] ?? '';
  }
  if (containers.includes(type)) {
    checked(calls.enter(message, letter(type), contents), doing.read);
    const row = readRow(calls, message);
    checked(calls.exit(message), doing.read);
    return type === 'v' ? [contents, ...row] : row;
  }
  const value = cell(type, 0);
  checked(calls.readNumber(message, letter(type), value), doing.read);
  const [number = 0] = value;
  return type === 'b' ? number !== 0 : number;
}

/** Arrays, structures, entries of dictionaries, variants. */
const containers = 'arev';

const isText = (type: string): boolean => type === 's' || type === 'o' || type === 'g';

const isList = (value: BusValue): value is readonly BusValue[] => typeof value === 'object';

const letter = (type: string): number => type.charCodeAt(0);

function listed(type: string, value: BusValue): readonly BusValue[] {
  if (!isList(value)) throw unfit(type, value);
  return value;
}

type Cell =
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float64Array;

/** A number as C has it, of the width that sd-bus reads or writes there. */
function cell(type: string, value: number | bigint | boolean): Cell {
  switch (type) {
    case 'y':
      return Uint8Array.of(Number(value));
    case 'n':
      return Int16Array.of(Number(value));
    case 'q':
      return Uint16Array.of(Number(value));
    case 'b': // an int there
    case 'i':
    case 'h':
      return Int32Array.of(Number(value));
    case 'u':
      return Uint32Array.of(Number(value));
    case 'x':
      return BigInt64Array.of(BigInt(value));
    case 't':
      return BigUint64Array.of(BigInt(value));
    case 'd':
      return Float64Array.of(Number(value));
    default:
      throw unfit(type, String(value));
  }
}

/** A fault of the program: values are checked before they come here. */
function unfit(type: string, value: BusValue): TypeError {
  return new TypeError(`${String(value)} is no value of the D-Bus type ${type}`);
}
