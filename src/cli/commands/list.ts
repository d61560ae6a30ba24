/** `list`: the containers below the root. */
import type { ContainerState } from '../../runtime/requests.ts';
import { RuntError } from '../../base/errors.ts';
import { atLeast, command } from '../command.ts';
import type { Command } from '../command.ts';
import { choice, flag } from '../option.ts';
import { idLines, listDocument, listTable } from '../print.ts';

type Listed =
  | { readonly kind: 'ids'; readonly ids: readonly string[] }
  | { readonly kind: 'states'; readonly states: readonly ContainerState[] };

export const listCommand: Command = command({
  usage: '[container-id...]',
  description:
    'Lists the containers below the root that the global option --root names: all of them, or\n' +
    'those that are named.',
  arity: atLeast(0),
  options: {
    format: choice('form of the list', ['table', 'json'], 'invalid format option', { short: 'f' }),
    quiet: flag('print only container ids', { short: 'q' }),
  },
  request: (names, { format, quiet }, { rootMayBeAbsent }) => ({
    names,
    format,
    quiet,
    rootMayBeAbsent,
  }),
  run: async ({ names, quiet, rootMayBeAbsent }, runtime): Promise<Listed> => {
    const ids = quiet || names.length > 0 ? await runtime.listIds(rootMayBeAbsent) : [];
    const absent = names.find((name) => !ids.includes(name));
    if (absent !== undefined) throw new RuntError('container-missing', { id: absent });
    const wanted = (id: string) => names.length === 0 || names.includes(id);
    if (quiet) return { kind: 'ids', ids: ids.filter(wanted) };
    const states = await runtime.list(rootMayBeAbsent);
    return { kind: 'states', states: states.filter(({ id }) => wanted(id)) };
  },
  print: (listed, { format }) => {
    if (listed.kind === 'ids') return idLines(listed.ids);
    return format === 'json' ? listDocument(listed.states) : listTable(listed.states);
  },
});
