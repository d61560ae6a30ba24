/** `resume`: lets the processes of a paused container go on. */
import { command, exactly } from '../command.ts';
import type { Command } from '../command.ts';

export const resumeCommand: Command = command({
  usage: '<container-id>',
  description: 'Lets all processes of a paused container go on.',
  arity: exactly(1),
  options: {},
  request: ([id = '']) => id,
  run: (id, runtime) => runtime.resume(id),
});
