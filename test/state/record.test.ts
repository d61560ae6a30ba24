import { expect, test } from 'vitest';
import { RuntError } from '../../src/base/errors.ts';
import {
  type ContainerRecord,
  parseOutline,
  parseRecord,
  recordText,
  recordVersion,
} from '../../src/state/record.ts';
import { fullRecord } from '../support/records.ts';

const path = '/run/runt/c1/state.json';

/** The text of a record that may lack or exceed something. */
function textOf(record: object): string {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- that is what is tried
  return recordText(record as ContainerRecord);
}

function refusal(text: string, parse: typeof parseOutline = parseRecord): RuntError {
  try {
    parse(text, path);
  } catch (error) {
    if (error instanceof RuntError) return error;
    throw error;
  }
  throw new Error('the record was accepted');
}

test('a record comes back as it was written', () => {
  expect(parseRecord(recordText(fullRecord), path)).toEqual(fullRecord);
});

test('its outline is the first line alone', () => {
  const [first = '', second = '', ...rest] = recordText(fullRecord).split('\n');
  expect(rest).toEqual(['']);
  const outline = parseOutline(`${first}\nnot read`, path);
  expect({ ...outline, ...JSON.parse(second) }).toEqual(fullRecord);
  expect(Object.keys(outline)).not.toContain('cgroup');
});

const optional = ['annotations', 'init', 'freezer', 'intelRdt'] as const;

test.each(optional)('%s may be absent', (name) => {
  const { [name]: _, ...rest } = fullRecord;
  expect(parseRecord(textOf(rest), path)).toEqual(rest);
});

test('what an equal version does not know stays out of the way', () => {
  expect(parseRecord(textOf({ ...fullRecord, later: 1 }), path)).toMatchObject(fullRecord);
});

const [outlineText = '', detailsText = ''] = recordText(fullRecord).split('\n');

test.each([
  '',
  '{',
  'null',
  '[]',
  '"text"',
  '7',
  outlineText,
  `${outlineText}\n`,
  `${outlineText}\n${detailsText.slice(0, -1)}`,
  `${outlineText}\n${detailsText}x`,
  `${detailsText}\n${outlineText}`,
])('text that is no record is damaged: %s', (text) => {
  expect(refusal(text)).toMatchObject({ code: 'record-damaged', facts: { path } });
});

const required = Object.keys(fullRecord).filter((key) => !optional.some((name) => name === key));

test.each(required)('without %s it is damaged', (name) => {
  const rest = Object.fromEntries(Object.entries(fullRecord).filter(([key]) => key !== name));
  expect(refusal(textOf(rest)).code).toBe('record-damaged');
});

test.each([
  ['/id', { id: 7 }],
  ['/phase', { phase: 'gone' }],
  ['/init/pid', { init: { pid: '42', startTime: 1 } }],
  ['/init/pid', { init: { pid: 2 ** 32, startTime: 1 } }],
  ['/init', { init: { pid: 42 } }],
  ['/freezer/version', { freezer: { version: 3, path: '/a' } }],
  ['/cgroup/mode', { cgroup: { ...fullRecord.cgroup, mode: 'v3' } }],
  ['/intelRdt/groupEnds', { intelRdt: { group: '/a', groupEnds: 'soon' } }],
  ['/afterStart/labels', { afterStart: { first: 0, labels: {} } }],
  ['/annotations/a', { annotations: { a: 1 } }],
])('the fault at %s is named', (where, changes) => {
  const { code, facts } = refusal(textOf({ ...fullRecord, ...changes }));
  expect(code).toBe('record-damaged');
  expect(facts).toMatchObject({ reason: expect.stringContaining(where) });
});

test.each([recordVersion - 1, recordVersion + 1])(
  'version %s is told apart from damage, whatever else it holds',
  (version) => {
    for (const parse of [parseRecord, parseOutline])
      expect(refusal(JSON.stringify({ version, other: true }), parse)).toMatchObject({
        code: 'record-version',
        facts: { path, version },
      });
  },
);
