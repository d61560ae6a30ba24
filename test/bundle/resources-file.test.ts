import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isRuntError, type RuntError } from '../../src/base/errors.ts';
import { checkResources, loadResources } from '../../src/bundle/resources-file.ts';
import { temporaryFolder } from './temporary-folder.ts';

function file(text: string): string {
  const path = join(temporaryFolder(), 'resources.json');
  writeFileSync(path, text);
  return path;
}

function refusal(text: string): RuntError {
  try {
    loadResources(file(text));
  } catch (error) {
    if (isRuntError(error)) return error;
  }
  throw new Error('nothing was refused');
}

test('the object that config.json calls linux.resources', () => {
  const limits = { memory: { limit: 1 }, cpu: { shares: 2 }, pids: { limit: 0 } };
  expect(loadResources(file(JSON.stringify(limits)))).toEqual(limits);
  expect(loadResources(file('{}'))).toEqual({});
});

test('names in any case of letters', () => {
  expect(loadResources(file('{"CPU":{"Shares":2},"BlockIO":{"weight":10}}'))).toEqual({
    cpu: { shares: 2 },
    blockIO: { weight: 10 },
  });
});

test('what only counts together with the limits that are there is not asked yet', () => {
  const limits = { memory: { swap: 5 }, cpu: { quota: 1, burst: 2 } };
  expect(checkResources(limits, 'update')).toEqual(limits);
});

test.each([
  ['{"memory":{"limit":"1"}}', 'schema/type', '/linux/resources/memory/limit'],
  ['{"cpu":{"shares":-1}}', 'schema/minimum', '/linux/resources/cpu/shares'],
  ['[]', 'schema/type', '/linux/resources'],
  ['null', 'schema/type', '/linux/resources'],
  ['{"unified":{"a/b.c":"1"}}', 'unified', '/linux/resources/unified/a~1b.c'],
  ['{"rdma":{"a":{}}}', 'rdma-limit', '/linux/resources/rdma/a'],
])('refuses %s', (text, code, pointer) => {
  const { code: kind, facts } = refusal(text);
  expect({ kind, facts }).toMatchObject({
    kind: 'bundle-invalid',
    facts: { findings: [{ code, pointer }] },
  });
});

test('what is not JSON is refused by its place', () => {
  expect(refusal('{"memory":')).toMatchObject({ code: 'json-syntax', facts: { line: 1 } });
  expect(refusal('')).toMatchObject({ code: 'json-syntax' });
});

test('a file that is not there', () => {
  const path = join(temporaryFolder(), 'a.json');
  const facts = { doing: `read ${path}`, errno: 'ENOENT' };
  expect(() => loadResources(path)).toThrow(
    expect.objectContaining({ code: 'system-call', facts }),
  );
});
