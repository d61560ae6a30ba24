/**
 * A trace as text: a bar for each phase, where it lies in the whole, and below it what runt-init did meanwhile.
 */
import type { TraceLane, TraceReport, TraceSpan } from '../runtime/requests.ts';

const barWidth = 40;
const nameWidth = 44;
/** A step that is shorter than this part of the whole is counted, not shown. */
const leastPart = 0.01;

export function traceBars({ command, total, lanes }: TraceReport, all: boolean): string {
  const head = `${command === '' ? 'trace' : command}: ${milliseconds(total)} ms\n`;
  return head + lanes.map((lane) => `\n${laneText(lane, total, all)}`).join('');
}

function laneText({ name, spans }: TraceLane, total: number, all: boolean): string {
  const isShown = ({ step, duration }: TraceSpan) =>
    all || step === undefined || duration >= total * leastPart;
  const shown = spans.filter(isShown);
  const rest = spans.filter((span) => !isShown(span));
  const lines = [
    row(name, 'at ms', 'takes ms', ''),
    ...shown.map((span) =>
      row(titleOf(span), milliseconds(span.start), milliseconds(span.duration), bar(span, total)),
    ),
    ...(rest.length === 0 ? [] : [summary(rest)]),
  ];
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

function summary(spans: readonly TraceSpan[]): string {
  const sum = spans.reduce((whole, { duration }) => whole + duration, 0);
  return row(`  and ${spans.length} shorter ones`, '', milliseconds(sum), '');
}

const titleOf = ({ step, name, from }: TraceSpan): string =>
  step === undefined
    ? `  ${name}`
    : `  ${String(step).padStart(3)} ${name}${from === undefined ? '' : ` (${from})`}`;

function row(name: string, start: string, duration: string, picture: string): string {
  const short = name.length > nameWidth ? `${name.slice(0, nameWidth - 1)}…` : name;
  return `${short.padEnd(nameWidth)} ${start.padStart(8)} ${duration.padStart(9)}  ${picture}`;
}

/** At least one sign, so that nothing is without a place. */
function bar({ start, duration }: TraceSpan, total: number): string {
  const scale = total > 0 ? barWidth / total : 0;
  const first = Math.min(Math.floor(start * scale), barWidth - 1);
  const last = Math.max(first + 1, Math.min(Math.round((start + duration) * scale), barWidth));
  return `${' '.repeat(first)}${'█'.repeat(last - first)}`;
}

const milliseconds = (value: number): string => value.toFixed(value < 100 ? 3 : 1);
