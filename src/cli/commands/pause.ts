/** `pause`: all processes of a container stop where they are. */
import { command, exactly } from '../command.ts';
import type { Command } from '../command.ts';

export const pauseCommand: Command = command({
  usage: '<container-id>',
  description:
    'Stops all processes of the container where they are, until `resume`. They are not signalled\n' +
    'and cannot notice.',
  arity: exactly(1),
  options: {},
  request: ([id = '']) => id,
  run: (id, runtime) => runtime.pause(id),
});
