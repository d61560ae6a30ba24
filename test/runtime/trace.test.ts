/** Files of trace events, ours and others', as lanes of spans. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readTrace } from '../../src/runtime/trace.ts';
import { failureOf } from '../support/failure.ts';

let file = '';
beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), 'runt-trace-')), 'trace.json');
});
afterEach(() => rmSync(join(file, '..'), { recursive: true }));

const read = (document: unknown) => {
  writeFileSync(file, typeof document === 'string' ? document : JSON.stringify(document));
  return readTrace(file);
};

const span = (tid: number, name: string, ts: number, dur: number, args?: object) => ({
  ph: 'X',
  tid,
  name,
  ts,
  dur,
  ...(args && { args }),
});

it('counts from the first beginning, in milliseconds, and sorts each lane', () => {
  const traceEvents = [
    { ph: 'M', tid: 1, name: 'thread_name', args: { name: 'runt' } },
    span(1, 'later', 3000, 500),
    span(1, 'engine', 1000, 2000),
    span(2, 'mount', 3100, 100, { step: 7, from: 'mounts[0]' }),
    { ph: 'C', name: 'a counter', ts: 1 },
  ];
  expect(read({ otherData: { command: 'runt run' }, traceEvents })).toEqual({
    command: 'runt run',
    total: 2.5,
    lanes: [
      {
        name: 'runt',
        spans: [
          { name: 'engine', start: 0, duration: 2 },
          { name: 'later', start: 2, duration: 0.5 },
        ],
      },
      {
        name: '2',
        spans: [{ name: 'mount', start: 2.1, duration: 0.1, step: 7, from: 'mounts[0]' }],
      },
    ],
  });
});

it.each([['{}'], ['[]'], ['null'], ['{"traceEvents": 3}'], ['{"traceEvents": [1, null]}']])(
  'finds no trace in %s',
  (text) => {
    expect(failureOf(() => void read(text))).toMatchObject({ code: 'usage' });
  },
);

it('names what keeps it from reading', () => {
  expect(failureOf(() => void read('{"traceEvents": ['))).toMatchObject({
    code: 'json-syntax',
  });
  expect(failureOf(() => void readTrace(`${file}.none`))).toMatchObject({
    code: 'system-call',
    facts: { errno: 'ENOENT' },
  });
});
