/** `kill`: a signal for the container's init. */
import type { KillRequest } from '../../runtime/requests.ts';
import { between, command } from '../command.ts';
import type { Command } from '../command.ts';
import { flag } from '../option.ts';
import { chosenBy, forEachChosen, regex } from './chosen.ts';
import type { Chosen } from './chosen.ts';
import { signalNumber } from '../signals.ts';

interface KillRequests extends Omit<KillRequest, 'id'> {
  readonly chosen: Chosen;
}

export const killCommand: Command = command({
  usage: '<container-id> [signal]',
  description:
    'Sends a signal to the init process of the container. The signal is a number, NAME or SIGNAME\n' +
    'in any case, such as 9, kill or SIGRTMIN+3.',
  arity: between(1, 2),
  stopsAtPositional: true,
  options: {
    all: flag('send the signal to every process of the container', { short: 'a', hidden: true }),
    regex,
  },
  request: ([id = '', signal = 'SIGTERM'], { all, regex: isPattern }): KillRequests => ({
    chosen: chosenBy(id, isPattern),
    signal: signalNumber(signal),
    all,
  }),
  run: ({ chosen, ...rest }, runtime) =>
    forEachChosen(chosen, runtime, (id) => runtime.kill({ id, ...rest })),
});
