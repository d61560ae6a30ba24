import { expect, test } from 'vitest';
import type { Statistics } from '../../src/cgroup/plan/statistics.ts';
import { statisticsV1 } from '../../src/cgroup/plan/statistics-v1.ts';
import { eventLine } from '../../src/cli/print-event.ts';

const none: Statistics = statisticsV1(() => undefined, []);

test('out of memory is a line of type and id', () => {
  expect(eventLine({ type: 'oom', id: 'c1' })).toBe('{"type":"oom","id":"c1"}\n');
});

test('statistics are one line, with the keys of runc for what is not counted here', () => {
  const line = eventLine({ type: 'stats', id: 'c1', data: none });
  expect(line).toMatch(/^\{"type":"stats","id":"c1","data":\{"cpu":.*\}\}\n$/);
  expect(line.split('\n')).toHaveLength(2);
  expect(JSON.parse(line)).toMatchObject({ data: { intel_rdt: {}, network_interfaces: null } });
});

test('numbers are whole and exact, beyond 2^53 as well', () => {
  const data: Statistics = {
    ...none,
    pids: { current: 2 ** 53 - 1, limit: 2n ** 64n - 1n },
    memory: { raw: { cache: 9_007_199_254_740_993n, rss: 0 } },
  };
  const line = eventLine({ type: 'stats', id: 'c1', data });
  expect(line).toContain('"pids":{"current":9007199254740991,"limit":18446744073709551615}');
  expect(line).toContain('"raw":{"cache":9007199254740993,"rss":0}');
});

test('text of the kernel’s is never taken for a number', () => {
  const data: Statistics = { ...none, memory: { raw: { '\u0001"5': 1, '\\u00017': 2n } } };
  expect(JSON.parse(eventLine({ type: 'stats', id: 'c1', data }))).toMatchObject({
    data: { memory: { raw: { '\u0001"5': 1, '\\u00017': 2 } } },
  });
});
