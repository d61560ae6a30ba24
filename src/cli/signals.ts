/**
 * Signal names as `kill` takes them: a number, `NAME` or `SIGNAME`, in any case. 0 only asks whether there is a process.
 *
 * The real-time signals count from 34: the C library keeps 32 and 33 for itself.
 */
import { RuntError } from '../base/errors.ts';

const highest = 64;
const firstRealTime = 34;

const numbers: ReadonlyMap<string, number> = new Map([
  ['HUP', 1],
  ['INT', 2],
  ['QUIT', 3],
  ['ILL', 4],
  ['TRAP', 5],
  ['ABRT', 6],
  ['IOT', 6],
  ['BUS', 7],
  ['FPE', 8],
  ['KILL', 9],
  ['USR1', 10],
  ['SEGV', 11],
  ['USR2', 12],
  ['PIPE', 13],
  ['ALRM', 14],
  ['TERM', 15],
  ['STKFLT', 16],
  ['CHLD', 17],
  ['CLD', 17],
  ['CONT', 18],
  ['STOP', 19],
  ['TSTP', 20],
  ['TTIN', 21],
  ['TTOU', 22],
  ['URG', 23],
  ['XCPU', 24],
  ['XFSZ', 25],
  ['VTALRM', 26],
  ['PROF', 27],
  ['WINCH', 28],
  ['IO', 29],
  ['POLL', 29],
  ['PWR', 30],
  ['SYS', 31],
  ['RTMIN', firstRealTime],
  ['RTMAX', highest],
]);

export function signalNumber(text: string): number {
  const number = /^\d{1,2}$/.test(text) ? Number(text) : namedSignal(text.toUpperCase());
  if (number !== undefined && number <= highest) return number;
  throw new RuntError('usage', { text: `unknown signal ${JSON.stringify(text)}` });
}

function namedSignal(upper: string): number | undefined {
  const name = upper.startsWith('SIG') ? upper.slice('SIG'.length) : upper;
  const realTime = /^(RTMIN\+|RTMAX-)(\d{1,2})$/.exec(name);
  if (realTime === null) return numbers.get(name);
  const steps = Number(realTime[2]);
  if (steps > highest - firstRealTime) return undefined;
  return realTime[1] === 'RTMIN+' ? firstRealTime + steps : highest - steps;
}
