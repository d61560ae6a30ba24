/** `ps`: the processes of a container, as the host sees them. */
import { atLeast, command } from '../command.ts';
import type { Command } from '../command.ts';
import { choice } from '../option.ts';

export const psCommand: Command = command({
  usage: '<container-id> [ps options]',
  description:
    "Shows the processes of the container. The options behind the id are for the host's ps(1);\n" +
    'without any, they are -ef.',
  arity: atLeast(1),
  stopsAtPositional: true,
  options: {
    format: choice('form of the list', ['table', 'json'], 'invalid format option', { short: 'f' }),
  },
  request: ([id = '', ...args], { format }) => ({ id, args, format }),
  run: async ({ id, args, format }, runtime) =>
    format === 'json'
      ? `${JSON.stringify(await runtime.processes(id))}\n`
      : runtime.processTable({ id, args }),
  print: (text) => text,
});
