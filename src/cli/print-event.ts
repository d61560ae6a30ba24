/**
 * An event as runc prints it: one line of JSON, its counters as whole numbers however large they are.
 */
import type { ContainerEvent } from '../runtime/requests.ts';

export function eventLine(event: ContainerEvent): string {
  if (event.type === 'oom') return `${JSON.stringify({ type: 'oom', id: event.id })}\n`;
  const { type, id, data } = event;
  // the rest of runc's keys, for which nothing is counted here
  const whole = { type, id, data: { ...data, intel_rdt: {}, network_interfaces: null } };
  return `${withBigNumbers(JSON.stringify(whole, bigAsText))}\n`;
}

const mark = '\u0001';

const bigAsText = (_name: string, value: unknown): unknown =>
  typeof value === 'bigint' ? `${mark}${value}` : value;

/** A JSON text has no raw control character, so the mark is surely ours. */
const withBigNumbers = (text: string): string => text.replaceAll(/"\\u0001(\d+)"/g, '$1');
