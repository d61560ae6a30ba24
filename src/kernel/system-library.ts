/**
 * Libraries of the system, called by the names of their functions: declarations on both sides are by hand, and have to agree
 * with the library's header. Numbers are C's integers and pointers, memory is a typed array, a string is `cText`.
 */
import { RuntError } from '../base/errors.ts';
import { librunt } from './librunt.ts';

export type Word = number | ArrayBufferView;
export type ForeignCall = (...words: readonly Word[]) => number;

export interface SystemLibrary {
  /** A function that returns an int, or nothing. */
  int(name: string): ForeignCall;
  /** A function that returns a pointer; 0 is NULL. */
  pointer(name: string): ForeignCall;
  /** A function of the C library that says -1 and sets errno: answers -errno. */
  call(name: string): ForeignCall;
  has(name: string): boolean;
}

/** ENOENT */
const noEntry = -2;
/** native/lib/addon_foreign.c */
const forms = { int: 0, pointer: 1, call: 2 } as const;

/** By the name that the loader looks for; `needed`: what for, for the error. Fails with `host-lacks`. */
export function systemLibrary(file: string, needed: string): SystemLibrary {
  const runt = librunt();
  const find = (symbol: string): number => runt.symbol(file, symbol);
  const lacks = (what: string) => new RuntError('host-lacks', { what, needed });
  // any name will do to see whether there is a library
  if (find('main') === noEntry) throw lacks(file);
  const bind = (form: number) => (symbol: string) => {
    const address = find(symbol);
    if (address < 0) throw lacks(`${symbol} of ${file}`);
    return (...words: readonly Word[]) => runt.foreign(address, form, ...words);
  };
  return {
    int: bind(forms.int),
    pointer: bind(forms.pointer),
    call: bind(forms.call),
    has: (symbol) => find(symbol) >= 0,
  };
}

/** The one that this program has itself. */
export const cLibrary = (): SystemLibrary => systemLibrary('', 'the C library');

/** A string as C has it. */
export const cText = (text: string): Uint8Array => new TextEncoder().encode(`${text}\0`);

/** The string at an address; undefined at NULL. */
export const textAt = (address: number): string | undefined =>
  address === 0 ? undefined : librunt().textAt(address);

/** What lies at an address, copied. */
export function bytesAt(address: number, size: number): DataView {
  const bytes = new Uint8Array(size);
  librunt().copyFrom(address, bytes);
  return new DataView(bytes.buffer);
}
