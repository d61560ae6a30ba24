/**
 * One property of linux.resources as a row of a table: which file of which controller gets which value, on v1 and on
 * v2, and which property of a systemd unit says the same.
 *
 * The rows are what is done and what docs/cgroups.md shows: there is no other list.
 */
import type { Resources } from '../../../bundle/config.ts';
import type { BusValue } from '../../../base/bus-value.ts';

export interface FileWrite {
  readonly file: string;
  readonly value: string;
}

export interface LimitWrite extends FileWrite {
  /** What is written where `file` does not exist: another name of the same control, with values of its own. */
  readonly or?: FileWrite;
  /** Where the file does not exist there is nothing to limit. */
  readonly optional?: true;
  /** The file has a line for each of many things: the first word of ours, and what to write to be rid of it. */
  readonly line?: { readonly key: string; readonly reset: string };
}

export interface LimitTarget {
  /** The file's name, with a placeholder such as `<pageSize>` where the config decides it. */
  readonly file: string;
  /** What is written, in words. */
  readonly value: string;
  readonly writes: (resources: Resources) => readonly LimitWrite[];
}

export interface UnitTarget {
  readonly name: string;
  /** Signature in D-Bus. */
  readonly signature: string;
  /** The first systemd that knows it. */
  readonly since?: number;
  readonly value: (resources: Resources) => BusValue | undefined;
}

export interface LimitRule {
  /** Below linux.resources, such as `memory.limit`. */
  readonly property: string;
  /** The controller that has to be there, by its name on this version where they differ. */
  readonly controller: string | { readonly v1: string; readonly v2: string };
  /** Whether a config wants something of it that a host without it could not give. */
  readonly asked: (resources: Resources) => boolean;
  /** Absent: this version has nothing of the kind. */
  readonly v1?: LimitTarget;
  readonly v2?: LimitTarget;
  readonly unitV1?: readonly UnitTarget[];
  readonly unitV2?: readonly UnitTarget[];
  /** Rules of the same name are tried in any order until all hold: the kernel compares one with the other. */
  readonly together?: string;
}

type Value = (resources: Resources) => string | undefined;

/** A file that takes one value; nothing is written for an undefined one. */
export function file(name: string, words: string, value: Value, optional = false): LimitTarget {
  return {
    file: name,
    value: words,
    writes(resources) {
      const text = value(resources);
      if (text === undefined) return [];
      return [{ file: name, value: text, ...(optional && { optional }) }];
    },
  };
}

/** Digits only, however large: above 2^53 JavaScript would write an exponent. */
export function digits(value: number): string {
  return BigInt(Math.trunc(value)).toString();
}

/** The number of a property that counts when it is not 0, which many callers write for "leave it alone". */
export function unlessZero(value: number | undefined): string | undefined {
  return value === undefined || value === 0 ? undefined : digits(value);
}

/** v2's word for no limit. */
export function orMax(value: number | undefined): string | undefined {
  return value !== undefined && value < 0 ? 'max' : unlessZero(value);
}

/** systemd's number for no limit. */
export const infinity = 0xffff_ffff_ffff_ffffn;

export function orInfinity(value: number | undefined): bigint | undefined {
  if (value === undefined || value === 0) return undefined;
  return value < 0 ? infinity : BigInt(Math.trunc(value));
}
