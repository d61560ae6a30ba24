/** `run`: create and start in one, and unless detached its exit status is the container's. */
import type { RunRequest } from '../../runtime/requests.ts';
import { command, exactly } from '../command.ts';
import type { Command } from '../command.ts';
import { flag } from '../option.ts';
import { createOptions, createRequest } from './create-options.ts';

export const runCommand: Command = command({
  usage: '<container-id>',
  description:
    'Makes a container from a bundle, starts it and waits for its end. The exit status is that of\n' +
    "the container's process, or 128 and the signal's number when a signal ended it.",
  arity: exactly(1),
  options: {
    ...createOptions,
    detach: flag("return when the container's process runs", { short: 'd' }),
    keep: flag('do not delete the container when its process has ended'),
    noSubreaper: flag('do not adopt the orphans of the container'),
  },
  request: ([id = ''], options, caller): RunRequest => ({
    ...createRequest(id, options, caller),
    detach: options.detach,
    keep: options.keep,
    noSubreaper: options.noSubreaper,
  }),
  run: (request, runtime) => runtime.run(request),
  status: (status) => status,
});
