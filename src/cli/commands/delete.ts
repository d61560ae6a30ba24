/** `delete`: removes everything that a container left behind. */
import { command, exactly } from '../command.ts';
import type { Command } from '../command.ts';
import { flag } from '../option.ts';
import { chosenBy, forEachChosen, regex } from './chosen.ts';

export const deleteCommand: Command = command({
  usage: '<container-id>',
  description: 'Deletes a stopped or created container and everything that it holds.',
  arity: exactly(1),
  options: {
    force: flag('delete the container even if it is still running (uses SIGKILL)', { short: 'f' }),
    regex,
  },
  request: ([id = ''], { force, regex: isPattern }) => ({ chosen: chosenBy(id, isPattern), force }),
  run: ({ chosen, force }, runtime) =>
    forEachChosen(chosen, runtime, (id) => runtime.delete({ id, force })),
});
