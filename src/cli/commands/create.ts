/** `create`: makes a container that waits for `start`. */
import { command, exactly } from '../command.ts';
import type { Command } from '../command.ts';
import { createOptions, createRequest } from './create-options.ts';

export const createCommand: Command = command({
  usage: '<container-id>',
  description:
    'Makes a container from a bundle: a folder with config.json and a root filesystem. The\n' +
    "container's process waits until `start`. The id is your name for the container and must be\n" +
    'the only one of its kind below the root.',
  arity: exactly(1),
  options: createOptions,
  request: ([id = ''], options, caller) => createRequest(id, options, caller),
  run: (request, runtime) => runtime.create(request),
});
