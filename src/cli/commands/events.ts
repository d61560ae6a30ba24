/** `events`: what a container uses, and when memory ran out, as a line of JSON each. */
import { duration } from '../amounts.ts';
import { command, exactly } from '../command.ts';
import type { Command } from '../command.ts';
import { flag } from '../option.ts';
import { eventLine } from '../print-event.ts';

const usualInterval = 5000;

export const eventsCommand: Command = command({
  usage: '<container-id>',
  description:
    'Prints what the container uses of memory, CPU and the rest, again and again until it ends,\n' +
    'and a line each time memory runs out in it.',
  arity: exactly(1),
  options: {
    interval: {
      about: 'time between two lines of statistics (default: 5s)',
      value: 'duration',
      initial: usualInterval,
      read: (word: string) => duration(word, 'interval'),
    },
    stats: flag('print the statistics once and end'),
  },
  request: ([id = ''], { interval, stats }) => ({ id, interval, once: stats }),
  run: async (request, runtime, write) => {
    for await (const event of runtime.events(request)) write(eventLine(event));
  },
});
