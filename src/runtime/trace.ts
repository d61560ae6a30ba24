/**
 * `trace`: a file of trace events becomes lanes of spans. What others have written is read as far as it has spans.
 */
import { RuntError } from '../base/errors.ts';
import { parseJson } from '../bundle/json.ts';
import { readText } from '../bundle/read-file.ts';
import type { TraceReport, TraceSpan } from './requests.ts';

export function readTrace(path: string): TraceReport {
  const document = parseJson(readText(path), path);
  const events = listOf(document, 'traceEvents').map(eventOf);
  const spans = events.filter(({ phase }) => phase === 'X');
  if (spans.length === 0)
    throw new RuntError('usage', { text: `${path}: there is no trace in it` });
  const begin = Math.min(...spans.map(({ start }) => start));
  const lanes = new Map<number, TraceSpan[]>();
  for (const { lane, name, start, duration, step, from } of spans) {
    const span = {
      name,
      start: (start - begin) / 1000,
      duration: duration / 1000,
      ...(step !== undefined && { step }),
      ...(from !== undefined && { from }),
    };
    const spansThere = lanes.get(lane);
    if (spansThere === undefined) lanes.set(lane, [span]);
    else spansThere.push(span);
  }
  const names = new Map(
    events.filter(({ phase }) => phase === 'M').map(({ lane, label }) => [lane, label]),
  );
  return {
    command: textOf(member(document, 'otherData'), 'command') ?? '',
    total: Math.max(...spans.map(({ start, duration }) => start + duration - begin)) / 1000,
    lanes: [...lanes].map(([lane, all]) => ({
      name: names.get(lane) ?? String(lane),
      spans: all.toSorted((a, b) => a.start - b.start),
    })),
  };
}

interface Event {
  readonly phase: string;
  readonly lane: number;
  readonly name: string;
  /** In µs. */
  readonly start: number;
  readonly duration: number;
  readonly label?: string;
  readonly step?: number;
  readonly from?: string;
}

function eventOf(value: unknown): Event {
  const details = member(value, 'args');
  const label = textOf(details, 'name');
  const step = member(details, 'step');
  const from = textOf(details, 'from');
  return {
    phase: textOf(value, 'ph') ?? '',
    lane: numberOf(value, 'tid'),
    name: textOf(value, 'name') ?? '',
    start: numberOf(value, 'ts'),
    duration: numberOf(value, 'dur'),
    ...(label !== undefined && { label }),
    ...(typeof step === 'number' && { step }),
    ...(from !== undefined && { from }),
  };
}

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

function textOf(value: unknown, name: string): string | undefined {
  const found = member(value, name);
  return typeof found === 'string' ? found : undefined;
}

function numberOf(value: unknown, name: string): number {
  const found = member(value, name);
  return typeof found === 'number' ? found : 0;
}

function listOf(value: unknown, name: string): readonly unknown[] {
  const found = member(value, name);
  return Array.isArray(found) ? found : [];
}
