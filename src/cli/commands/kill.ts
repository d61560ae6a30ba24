/** `kill`: a signal for the container's init. */
import type { KillRequest } from '../../runtime/requests.ts';
import { between, command } from '../command.ts';
import type { Command } from '../command.ts';
import { flag } from '../option.ts';
import { signalNumber } from '../signals.ts';

export const killCommand: Command = command({
  usage: '<container-id> [signal]',
  description:
    'Sends a signal to the init process of the container. The signal is a number, NAME or SIGNAME\n' +
    'in any case, such as 9, kill or SIGRTMIN+3.',
  arity: between(1, 2),
  stopsAtPositional: true,
  options: {
    all: flag('send the signal to every process of the container', { short: 'a', hidden: true }),
  },
  request: ([id = '', signal = 'SIGTERM'], { all }): KillRequest => ({
    id,
    signal: signalNumber(signal),
    all,
  }),
  run: (request, runtime) => runtime.kill(request),
});
