/** `validate`: every fault of a bundle at once. */
import { between, command } from '../command.ts';
import type { Command } from '../command.ts';
import { choice } from '../option.ts';
import { findingLines, findingsDocument } from '../print.ts';

export const validateCommand: Command = command({
  usage: '[bundle]',
  description:
    'Checks config.json of the bundle (default: the current directory) and reports every fault:\n' +
    'where it stands, what was found, what is allowed, and the section of the specification.\n' +
    'The exit status is 1 when there is a fault.',
  arity: between(0, 1),
  options: { format: choice('form of the report', ['text', 'json'], 'invalid format option') },
  request: ([bundle = '.'], { format }, caller) => ({ bundle: caller.absolute(bundle), format }),
  run: ({ bundle }, runtime) => runtime.validate(bundle),
  print: (findings, { bundle, format }) =>
    format === 'json' ? findingsDocument(findings) : findingLines(bundle, findings),
  status: (findings) => (findings.length === 0 ? 0 : 1),
});
