/** `trace`: shows what `--trace` has written. */
import { command, exactly } from '../command.ts';
import type { Command } from '../command.ts';
import { choice, flag } from '../option.ts';

export const traceCommand: Command = command({
  usage: '<file>',
  description:
    'Shows where the time of a command went, from the file that the global option --trace has\n' +
    'written: runt --trace FILE run ID; runt trace FILE. Other programs that read trace events,\n' +
    'such as Perfetto (ui.perfetto.dev), show the same file.',
  arity: exactly(1),
  options: {
    format: choice('form of the picture', ['text', 'svg', 'json'], 'invalid format option'),
    svg: flag('the same as --format svg'),
    all: flag('every step, however short; text has those of at least a hundredth of the whole'),
  },
  request: ([file = ''], { format, svg, all }, caller) => ({
    file: caller.absolute(file),
    format: svg ? 'svg' : format,
    all,
  }),
  run: async ({ file, format, all }, runtime) => {
    const report = await runtime.trace(file);
    switch (format) {
      case 'text':
        return (await import('../trace-bars.ts')).traceBars(report, all);
      case 'svg':
        return (await import('../trace-svg.ts')).traceSvg(report);
      case 'json':
        return `${JSON.stringify(report, null, 2)}\n`;
    }
  },
  print: (text) => text,
});
