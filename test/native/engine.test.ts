/** What the executable's engine brings beside the language is what Node has: the same program, once in each. */
import { fileURLToPath } from 'node:url';
import { execaSync } from 'execa';
import { beforeAll, expect, test } from 'vitest';
import { makeSanitized } from '../support/native.ts';

const file = (path: string): string =>
  fileURLToPath(new URL(`../../native/${path}`, import.meta.url));

beforeAll(makeSanitized);

test('text, timers and process are those of Node', () => {
  const ours = execaSync(file('build/engine-check'), { reject: false });
  const program = `globalThis.say = console.log; await import(${JSON.stringify(file('test/engine_check.js'))})`;
  const theirs = execaSync('node', ['--input-type=module', '-e', program], { reject: false });
  expect(ours.stderr).toBe('');
  expect(ours.stdout.split('\n').length).toBeGreaterThan(8000);
  expect(ours.stdout.split('\n')).toEqual(theirs.stdout.split('\n'));
  expect([ours.exitCode, theirs.exitCode]).toEqual([7, 7]);
});
