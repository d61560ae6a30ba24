/** `list`: the containers below the root. */
import type { ContainerState } from '../../runtime/requests.ts';
import { command, exactly } from '../command.ts';
import type { Command } from '../command.ts';
import { choice, flag } from '../option.ts';
import { idLines, listDocument, listTable } from '../print.ts';

type Listed =
  | { readonly kind: 'ids'; readonly ids: readonly string[] }
  | { readonly kind: 'states'; readonly states: readonly ContainerState[] };

export const listCommand: Command = command({
  usage: '',
  description: 'Lists the containers below the root that the global option --root names.',
  arity: exactly(0),
  options: {
    format: choice('form of the list', ['table', 'json'], 'invalid format option', { short: 'f' }),
    quiet: flag('print only container ids', { short: 'q' }),
  },
  request: (_args, { format, quiet }, { rootMayBeAbsent }) => ({ format, quiet, rootMayBeAbsent }),
  run: async ({ quiet, rootMayBeAbsent }, runtime): Promise<Listed> =>
    quiet
      ? { kind: 'ids', ids: await runtime.listIds(rootMayBeAbsent) }
      : { kind: 'states', states: await runtime.list(rootMayBeAbsent) },
  print: (listed, { format }) => {
    if (listed.kind === 'ids') return idLines(listed.ids);
    return format === 'json' ? listDocument(listed.states) : listTable(listed.states);
  },
});
