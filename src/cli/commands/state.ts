/** `state`: what is known of one container, as the specification's JSON. */
import { command, exactly } from '../command.ts';
import type { Command } from '../command.ts';
import { stateDocument } from '../print.ts';

export const stateCommand: Command = command({
  usage: '<container-id>',
  description: 'Prints the state of a container as JSON.',
  arity: exactly(1),
  options: {},
  request: ([id = '']) => id,
  run: (id, runtime) => runtime.state(id),
  print: stateDocument,
});
