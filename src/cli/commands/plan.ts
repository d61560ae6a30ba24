/** `plan`: what `create` would do with a bundle, without doing it. */
import { between, command } from '../command.ts';
import type { Command } from '../command.ts';
import { choice } from '../option.ts';
import { planDocument } from '../print.ts';

export const planCommand: Command = command({
  usage: '[bundle]',
  description:
    'Prints the operations that would make a container of the bundle (default: the current\n' +
    'directory), in their order. Nothing is made.',
  arity: between(0, 1),
  options: { format: choice('form of the plan', ['text', 'json'], 'invalid format option') },
  request: ([bundle = '.'], { format }, caller) => ({ bundle: caller.absolute(bundle), format }),
  run: ({ bundle }, runtime) => runtime.plan(bundle),
  print: (plan, { format }) => planDocument(plan, format),
});
