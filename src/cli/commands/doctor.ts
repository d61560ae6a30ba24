/** `doctor`: what works on this host, what does not, and what to do. */
import { command, exactly } from '../command.ts';
import type { Command } from '../command.ts';
import { choice } from '../option.ts';
import { doctorDocument, doctorLines } from '../print-doctor.ts';

export const doctorCommand: Command = command({
  usage: '',
  description:
    'Looks at what runt needs of this host: kernel, rights, cgroups, seccomp and security modules,\n' +
    'the folder of its state, and the configuration of containerd, Docker, Podman and CRI-O. Run by\n' +
    'a plain user, it looks at what that user needs. Nothing is changed. The exit status is 1 when\n' +
    'something is missing without which no container runs.',
  arity: exactly(0),
  options: { format: choice('form of the report', ['text', 'json'], 'invalid format option') },
  request: (_args, { format }, { wantsColour }) => ({ format, wantsColour }),
  run: (_request, runtime) => runtime.doctor(),
  print: (report, { format, wantsColour }) =>
    format === 'json' ? doctorDocument(report) : doctorLines(report, wantsColour()),
  status: ({ containersRun }) => (containersRun ? 0 : 1),
});
