/**
 * Amounts of the command line: bytes with a unit, lengths of time, and numbers that may be negative.
 */
import { RuntError } from '../base/errors.ts';

const binary: Readonly<Record<string, number>> = {
  '': 1,
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
  t: 2 ** 40,
  p: 2 ** 50,
};

/** `512m`, `1.5GB`, `64KiB`: a unit is 1024 of the one before, as docker and runc count. `-1` is no limit. */
export function bytes(text: string, option: string): number {
  if (text === '-1') return -1;
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?) ?([kmgtp]?)(?:i?b)?$/i.exec(text) ?? [];
  const factor = binary[unit.toLowerCase()];
  if (amount === undefined || factor === undefined)
    throw refusal(text, option, 'want bytes, such as 512m or 1073741824, or -1 for no limit');
  return Math.floor(Number(amount) * factor);
}

/** Any whole number that JavaScript holds exactly. */
export function integer(text: string, option: string): number {
  const number = /^[-+]?\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(number)) throw refusal(text, option, 'want a whole number');
  return number;
}

const units: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** `1m30s`, `100ms`: Go's form of a length of time, in milliseconds. */
export function duration(text: string, option: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text)
    throw refusal(text, option, 'want a length of time, such as 5s or 100ms');
  return parts.reduce((sum, [, number, unit = '']) => sum + Number(number) * (units[unit] ?? 0), 0);
}

function refusal(text: string, option: string, wanted: string): RuntError {
  return new RuntError('usage', {
    text: `invalid value ${JSON.stringify(text)} for --${option}: ${wanted}`,
  });
}
