import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isRuntError, type RuntError } from '../../src/base/errors.ts';
import { loadProcess } from '../../src/bundle/process-file.ts';
import { temporaryFolder } from './temporary-folder.ts';

function file(text: string): string {
  const path = join(temporaryFolder(), 'process.json');
  writeFileSync(path, text);
  return path;
}

test('a sound process', () => {
  const process = { cwd: '/', args: ['sh'], user: { uid: 0, gid: 0 } };
  expect(loadProcess(file(JSON.stringify(process)))).toEqual(process);
});

function refusal(text: string): RuntError {
  try {
    loadProcess(file(text));
  } catch (error) {
    if (isRuntError(error)) return error;
  }
  throw new Error('nothing was refused');
}

test.each([
  ['{"cwd":1}', 'schema/type'],
  ['{"cwd":"a","args":["b"]}', 'process-cwd'],
])('refuses %s', (text, code) => {
  expect(refusal(text)).toMatchObject({
    code: 'bundle-invalid',
    facts: { findings: [{ code, pointer: '/cwd' }] },
  });
});

test('refuses what is not JSON', () => {
  expect(refusal('{')).toMatchObject({ code: 'json-syntax', facts: { line: 1, column: 2 } });
});

test('a file that is not there', () => {
  const path = join(temporaryFolder(), 'a.json');
  const facts = { doing: `read ${path}`, errno: 'ENOENT' };
  expect(() => loadProcess(path)).toThrow(expect.objectContaining({ code: 'system-call', facts }));
});
