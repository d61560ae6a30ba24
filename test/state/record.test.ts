import { expect, test } from 'vitest';
import { RuntError } from '../../src/base/errors.ts';
import { parseRecord, recordVersion } from '../../src/state/record.ts';
import { fullRecord } from '../support/records.ts';

const path = '/run/runt/c1/state.json';
const parse = (value: unknown) => parseRecord(JSON.stringify(value), path);

function refusal(text: string): RuntError {
  try {
    parseRecord(text, path);
  } catch (error) {
    if (error instanceof RuntError) return error;
    throw error;
  }
  throw new Error('the record was accepted');
}

test('a record comes back as it was written', () => {
  expect(parse(fullRecord)).toEqual(fullRecord);
});

const optional = ['annotations', 'init', 'intelRdt'] as const;

test.each(optional)('%s may be absent', (name) => {
  const { [name]: _, ...rest } = fullRecord;
  expect(parse(rest)).toEqual(rest);
});

test('what an equal version does not know stays out of the way', () => {
  expect(parse({ ...fullRecord, later: 1 })).toMatchObject(fullRecord);
});

test.each(['', '{', 'null', '[]', '"text"', '7', `${JSON.stringify(fullRecord)}x`])(
  'text that is no record is damaged: %s',
  (text) => {
    expect(refusal(text)).toMatchObject({ code: 'record-damaged', facts: { path } });
  },
);

const required = Object.keys(fullRecord).filter((key) => !optional.some((name) => name === key));

test.each(required)('without %s it is damaged', (name) => {
  const rest = Object.fromEntries(Object.entries(fullRecord).filter(([key]) => key !== name));
  expect(refusal(JSON.stringify(rest)).code).toBe('record-damaged');
});

test.each([
  ['/id', { id: 7 }],
  ['/phase', { phase: 'gone' }],
  ['/init/pid', { init: { pid: '42', startTime: 1 } }],
  ['/init', { init: { pid: 42 } }],
  ['/cgroup/mode', { cgroup: { ...fullRecord.cgroup, mode: 'v3' } }],
  ['/intelRdt/groupEnds', { intelRdt: { group: '/a', groupEnds: 'soon' } }],
  ['/afterStart/labels', { afterStart: { first: 0, labels: {} } }],
  ['/annotations/a', { annotations: { a: 1 } }],
])('the fault at %s is named', (where, changes) => {
  const { code, facts } = refusal(JSON.stringify({ ...fullRecord, ...changes }));
  expect(code).toBe('record-damaged');
  expect(facts).toMatchObject({ reason: expect.stringContaining(where) });
});

test('a newer version is told apart from damage, whatever else it holds', () => {
  const version = recordVersion + 1;
  expect(refusal(JSON.stringify({ version, other: true }))).toMatchObject({
    code: 'record-version',
    facts: { path, version },
  });
});
