/** `features`: what this runtime does, for programs that choose among runtimes. */
import { command, exactly } from '../command.ts';
import type { Command } from '../command.ts';
import { featuresDocument } from '../print.ts';

export const featuresCommand: Command = command({
  usage: '',
  description:
    'Prints the features structure of the specification as JSON: versions, mount options,\n' +
    'namespaces, capabilities, cgroups, seccomp and the rest. It needs no privilege.',
  arity: exactly(0),
  options: {},
  request: () => undefined,
  run: (_request, runtime) => runtime.features(),
  print: (features) => featuresDocument(features),
});
