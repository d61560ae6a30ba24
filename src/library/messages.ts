/**
 * What a program's thread and the threads that work for it say to each other: plain data, as structuredClone has it.
 */
import { isRuntError, RuntError } from '../base/errors.ts';
import type { CgroupManager, EventsRequest, Rootless } from '../runtime/requests.ts';
import type { Runtime } from '../runtime/runtime.ts';

export type Verb = Exclude<keyof Runtime, 'events'>;

/** What a runtime is opened with, but for its log. */
export interface Opening {
  readonly root: string;
  readonly debugging: boolean;
  readonly cgroupManager: CgroupManager;
  readonly rootless: Rootless;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export type Request =
  | { readonly kind: 'open'; readonly runtime: number; readonly opening: Opening }
  | { readonly kind: 'close'; readonly runtime: number }
  | {
      readonly kind: 'call';
      readonly number: number;
      readonly runtime: number;
      readonly verb: Verb;
      readonly args: readonly unknown[];
    }
  /** The next event of a stream, which the first of them begins. */
  | {
      readonly kind: 'next';
      readonly number: number;
      readonly runtime: number;
      readonly stream: number;
      readonly request: EventsRequest;
    }
  | { readonly kind: 'leave'; readonly number: number; readonly stream: number };

export type Reply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly number: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly number: number; readonly error: ToldError }
  | {
      readonly kind: 'log';
      readonly runtime: number;
      readonly level: 'debug' | 'warning' | 'error';
      readonly text: string;
    };

/** An error as data: a clone of one has lost its class and its fields. */
export type ToldError =
  | {
      readonly kind: 'runt';
      readonly code: RuntError['code'];
      readonly facts: RuntError['facts'];
      readonly stack: string | undefined;
      readonly cause?: ToldError;
      readonly cleanup: readonly ToldError[];
    }
  /** `fields`: what Node adds to an error, such as `code` and `syscall`. */
  | { readonly kind: 'other'; readonly error: unknown; readonly fields: object };

export function tellError(error: unknown): ToldError {
  if (!isRuntError(error))
    return { kind: 'other', error, fields: error instanceof Error ? Object.assign({}, error) : {} };
  const { code, facts, stack, cause, cleanup } = error;
  return {
    kind: 'runt',
    code,
    facts,
    stack,
    ...(cause !== undefined && { cause: tellError(cause) }),
    cleanup: cleanup.map(tellError),
  };
}

export function hearError(told: ToldError): unknown {
  if (told.kind === 'other')
    return told.error instanceof Error ? Object.assign(told.error, told.fields) : told.error;
  const cause = told.cause && hearError(told.cause);
  const error = new RuntError(told.code, told.facts, cause === undefined ? {} : { cause });
  // where it came from, not where it was heard
  if (told.stack !== undefined) error.stack = told.stack;
  for (const one of told.cleanup) {
    const failure = hearError(one);
    if (failure instanceof Error) error.cleanup.push(failure);
  }
  return error;
}
