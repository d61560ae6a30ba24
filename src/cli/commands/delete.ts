/** `delete`: removes everything that a container left behind. */
import type { DeleteRequest } from '../../runtime/requests.ts';
import { command, exactly } from '../command.ts';
import type { Command } from '../command.ts';
import { flag } from '../option.ts';

export const deleteCommand: Command = command({
  usage: '<container-id>',
  description: 'Deletes a stopped or created container and everything that it holds.',
  arity: exactly(1),
  options: {
    force: flag('delete the container even if it is still running (uses SIGKILL)', { short: 'f' }),
  },
  request: ([id = ''], { force }): DeleteRequest => ({ id, force }),
  run: (request, runtime) => runtime.delete(request),
});
