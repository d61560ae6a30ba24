/** `spec`: writes a config.json to begin with. */
import type { SpecRequest } from '../../runtime/requests.ts';
import { command, exactly } from '../command.ts';
import type { Command } from '../command.ts';
import { flag } from '../option.ts';
import { bundle } from './create-options.ts';

export const specCommand: Command = command({
  usage: '',
  description:
    'Writes a default config.json into the bundle. It is a starting point: its process is a shell\n' +
    'on a terminal, its root filesystem is the folder rootfs beside it, read-only.',
  arity: exactly(0),
  options: {
    bundle,
    rootless: flag('make it for a user who is not root: a user namespace, and no cgroup limits'),
  },
  request: (_args, options, caller): SpecRequest => ({
    bundle: options.bundle ?? caller.absolute('.'),
    rootless: options.rootless,
    // called by runc's name, the file is runc's
    hostname: caller.program === 'runc' ? 'runc' : 'runt',
  }),
  run: (request, runtime) => runtime.spec(request),
});
