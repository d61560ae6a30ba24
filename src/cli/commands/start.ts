/** `start`: lets a created container run the user's program. */
import { command, exactly } from '../command.ts';
import type { Command } from '../command.ts';

export const startCommand: Command = command({
  usage: '<container-id>',
  description: 'Executes the user defined process in a container that `create` has made.',
  arity: exactly(1),
  options: {},
  request: ([id = '']) => id,
  run: (id, runtime) => runtime.start(id),
});
