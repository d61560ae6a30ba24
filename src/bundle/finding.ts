/**
 * Makes findings: the pointer of a place, and the value that stands there as a short text.
 */
import type { Finding } from '../base/errors.ts';

const longest = 60;

export interface Fault {
  readonly code: string;
  readonly pointer: string;
  /** The value itself; undefined where nothing stands. */
  readonly value: unknown;
  readonly allowed: string;
  readonly section: string;
}

export function finding({ code, pointer, value, allowed, section }: Fault): Finding {
  return { code, pointer, found: shown(value), allowed, section };
}

/** JSON pointer (RFC 6901) below `parent`. */
export function below(parent: string, ...names: readonly (string | number)[]): string {
  const steps = names.map((name) => `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`);
  return parent + steps.join('');
}

/** The names of a JSON pointer. */
export function namesOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  // JSON knows no undefined, and answers undefined for it, whatever its type says
  if (text === undefined) return 'nothing';
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}
