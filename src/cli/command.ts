/**
 * A command as a record: what it takes, the request that this makes, and the call.
 *
 * A record parses nothing and prints nothing itself; `program.ts` does, the same way for all.
 */
import type { Runtime } from '../runtime/runtime.ts';
import type { Caller } from './caller.ts';
import type { OptionTable, OptionValues } from './option.ts';

/** How many positional arguments. */
export interface Arity {
  readonly least: number;
  readonly most: number;
}

export const exactly = (number: number): Arity => ({ least: number, most: number });
export const between = (least: number, most: number): Arity => ({ least, most });
export const atLeast = (least: number): Arity => ({ least, most: Number.POSITIVE_INFINITY });

interface CommandText {
  /** The positional arguments as help shows them: `<container-id> [signal]`. */
  readonly usage: string;
  readonly description: string;
  readonly arity: Arity;
  /** Parsing ends at the first positional argument: what follows belongs to someone else. */
  readonly stopsAtPositional?: true;
}

export interface CommandRecord<O extends OptionTable, Q, R> extends CommandText {
  readonly options: O;
  request(args: readonly string[], options: OptionValues<O>, caller: Caller): Q;
  /** `write` is for what is told while it runs. */
  run(request: Q, runtime: Runtime, write: (text: string) => void): Promise<R>;
  /** What goes to stdout; absent: nothing. */
  print?(result: R, request: Q): string;
  /** The exit status; absent: 0. */
  status?(result: R): number;
}

export interface Outcome {
  readonly stdout: string;
  readonly status: number;
}

/** A record whose types are closed over, so that all commands have one type. */
export interface Command extends CommandText {
  readonly options: OptionTable;
  invoke(call: {
    readonly args: readonly string[];
    readonly values: Readonly<Record<string, unknown>>;
    readonly caller: Caller;
    readonly makeRuntime: () => Runtime;
    readonly write: (text: string) => void;
  }): Promise<Outcome>;
}

export function command<O extends OptionTable, Q, R>(record: CommandRecord<O, Q, R>): Command {
  return {
    ...record,
    async invoke({ args, values, caller, makeRuntime, write }) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each value came from the `read` or `initial` of this very table
      const request = record.request(args, values as OptionValues<O>, caller);
      const result = await record.run(request, makeRuntime(), write);
      return {
        stdout: record.print?.(result, request) ?? '',
        status: record.status?.(result) ?? 0,
      };
    },
  };
}
