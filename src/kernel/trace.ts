/**
 * Writes where the time went: a file of trace events, as Chrome's tracing and Perfetto read them. All times are of
 * CLOCK_MONOTONIC, in microseconds, so that other traces of the host can be laid beside.
 */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { errnoName } from '../base/errno-text.ts';
import { RuntError } from '../base/errors.ts';
import type { TimedStep, TraceFile } from '../base/trace.ts';
import { librunt } from './librunt.ts';
import { writeAll } from './write-all.ts';

/** What was noted before there was a trace; all in ns. */
export interface Beginnings {
  /** The executable's first line; Node has none. */
  readonly startedAt?: number;
  /** The program's first line. */
  readonly readyAt?: number;
}

interface Span {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly step?: TimedStep;
}

interface Timeline {
  readonly memory: number;
  readonly steps: readonly TimedStep[];
  /** How far its clock is ahead of ours, in ns, from some step on. */
  ahead: number;
}

/** Fails where the file cannot be made; what has been in it is gone. */
export function openTrace(path: string, beginnings: Beginnings, command: string): TraceFile {
  const now = () => librunt().clock();
  const openedAt = now();
  const file = openFile(path);
  const spans: Span[] = beginningSpans(beginnings, openedAt);
  const timelines: Timeline[] = [];
  let phase = { name: 'open the trace', start: openedAt };
  const enter = (name: string): string => {
    const at = now();
    const before = phase;
    spans.push({ ...before, end: at });
    phase = { name, start: at };
    return before.name;
  };
  enter('command line');
  return {
    enter,
    timeline(steps) {
      const memory = librunt().timeline(steps.length + 1);
      if (memory < 0)
        throw new RuntError('system-call', {
          doing: 'make memory for the trace',
          errno: errnoName(-memory),
        });
      timelines.push({ memory, steps, ahead: 0 });
      return memory;
    },
    settled(pid) {
      const timeline = timelines.at(-1);
      if (timeline) timeline.ahead = aheadOf(pid) - aheadOf('self');
    },
    finish() {
      enter('');
      const inside = timelines.flatMap(stepSpans);
      writeAll(file, traceDocument(spans, inside, command));
      closeSync(file);
    },
  };
}

function openFile(path: string): number {
  try {
    return openSync(path, 'w');
  } catch (cause) {
    const errno = cause instanceof Error && 'code' in cause ? String(cause.code) : 'EIO';
    throw new RuntError('system-call', { doing: `open ${path}`, errno }, { cause });
  }
}

/** On Node, which tells for how long it has been there, all is the engine's until there is a trace. */
function beginningSpans({ startedAt, readyAt }: Beginnings, openedAt: number): Span[] {
  const start = startedAt ?? openedAt - process.uptime() * 1e9;
  if (readyAt === undefined) return [{ name: 'engine', start, end: openedAt }];
  return [
    { name: 'engine', start, end: readyAt },
    { name: 'command line', start: readyAt, end: openedAt },
  ];
}

/** time_namespaces(7): of the namespace that its children are in, which is its own unless it has just made one. */
function aheadOf(pid: number | 'self'): number {
  try {
    const text = readFileSync(`/proc/${pid}/timens_offsets`, 'latin1');
    const [, seconds, nanoseconds] = /^monotonic\s+(-?\d+)\s+(\d+)/m.exec(text) ?? [];
    return Number(seconds ?? 0) * 1e9 + Number(nanoseconds ?? 0);
  } catch {
    return 0;
  }
}

/** What was noted; a plan that failed, or goes on elsewhere, has noted less than all. */
function stepSpans({ memory, steps, ahead }: Timeline): readonly Span[] {
  const bytes = new Uint8Array((steps.length + 1) * 8);
  readSync(memory, bytes, 0, bytes.length, 0);
  closeSync(memory);
  const stamps = [...new BigUint64Array(bytes.buffer)].map(Number);
  let [start = 0] = stamps;
  let shift = 0;
  const spans: Span[] = [];
  for (const [index, step] of steps.entries()) {
    const stamp = stamps[index + 1] ?? 0;
    if (stamp === 0) break;
    // once it is in its time namespace it stays there
    if (shift === 0 && Math.abs(stamp - ahead - start) < Math.abs(stamp - start)) shift = ahead;
    const end = stamp - shift;
    spans.push({ name: step.doing, start, end, step });
    start = end;
  }
  return spans;
}

/** Rows of the picture. */
const runtime = 1;
const init = 2;

function traceDocument(phases: readonly Span[], steps: readonly Span[], command: string): string {
  const events = [
    ...[
      [runtime, 'runt'],
      [init, 'runt-init'],
    ].map(([tid, name]) => ({
      name: 'thread_name',
      ph: 'M',
      pid: process.pid,
      tid,
      args: { name },
    })),
    ...phases.map((span) => eventOf(span, runtime)),
    ...steps.map((span) => eventOf(span, init)),
  ];
  const lines = events.map((event) => JSON.stringify(event)).join(',\n');
  const otherData = JSON.stringify({ clock: 'CLOCK_MONOTONIC', command });
  return `{"displayTimeUnit":"ms","otherData":${otherData},"traceEvents":[\n${lines}\n]}\n`;
}

function eventOf({ name, start, end, step }: Span, tid: number): object {
  return {
    name,
    cat: step?.operation ?? 'phase',
    ph: 'X',
    ts: start / 1000,
    dur: (end - start) / 1000,
    pid: process.pid,
    tid,
    ...(step && { args: { step: step.step, ...(step.origin !== '' && { from: step.origin }) } }),
  };
}
