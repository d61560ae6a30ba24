/**
 * The words of the command line: which clients, which cases, and which runtime.
 */
import { parseArgs } from 'node:util';
import { type Client } from './client.ts';
import { clients } from './clients.ts';

export interface Request {
  readonly clients: readonly Client[];
  /** Names of the cases that are wanted. */
  readonly isWanted: (name: string) => boolean;
  readonly runtime: string | undefined;
  readonly list: boolean;
}

/** A text is the sentence that says what is wrong. */
export function readRequest(argv: readonly string[]): Request | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        list: { type: 'boolean', default: false },
        case: { type: 'string', default: '' },
        runtime: { type: 'string' },
      },
    });
    const unknown = positionals.find((word) => clients.every(({ name }) => name !== word));
    if (unknown !== undefined)
      return `no client ${unknown}; there are ${clients.map(({ name }) => name).join(', ')}`;
    const pattern = new RegExp(values.case, 'i');
    return {
      clients: clients.filter(({ name }) => positionals.length === 0 || positionals.includes(name)),
      isWanted: (name) => pattern.test(name),
      runtime: values.runtime,
      list: values.list,
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
