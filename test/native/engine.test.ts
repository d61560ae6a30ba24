/** What the executable's engine brings beside the language is what Node has: the same program, once in each. */
import { fileURLToPath } from 'node:url';
import { execaSync } from 'execa';
import { expect, test } from 'vitest';
import { useSanitized } from '../support/native.ts';

const file = (path: string): string =>
  fileURLToPath(new URL(`../../native/${path}`, import.meta.url));

useSanitized();

test.each([
  ['waited', 'caught', 7, ''],
  ['late', 'caught later', 7, ''],
  ['never', undefined, 1, 'runt: Error: nobody waits'],
  ['program', undefined, 1, 'runt: Error: the program itself'],
])('a promise that is refused: %s', (which, said, status, complaint) => {
  const ours = execaSync(file('build/engine-check'), [which], { reject: false });
  const words = ours.stdout.split('\n').filter((line) => /^(caught|went)/.test(line));
  expect(words).toEqual(said === undefined ? [] : [said]);
  expect(ours.exitCode).toBe(status);
  expect(ours.stderr.split('\n')[0]).toBe(complaint);
  const program = `globalThis.say = console.log; await import(${JSON.stringify(file('test/engine_check.js'))})`;
  const theirs = ['--input-type=module', '-e', program, which];
  expect(execaSync('node', theirs, { reject: false }).exitCode).toBe(status);
});

test('text, timers and process are those of Node', () => {
  const ours = execaSync(file('build/engine-check'), { reject: false });
  const program = `globalThis.say = console.log; await import(${JSON.stringify(file('test/engine_check.js'))})`;
  const theirs = execaSync('node', ['--input-type=module', '-e', program], { reject: false });
  expect(ours.stderr).toBe('');
  expect(ours.stdout.split('\n').length).toBeGreaterThan(8000);
  expect(ours.stdout.split('\n')).toEqual(theirs.stdout.split('\n'));
  expect([ours.exitCode, theirs.exitCode]).toEqual([7, 7]);
});
