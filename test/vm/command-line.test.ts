/** What the command understands of its words and of what a machine prints; runs on any host. */
import { expect, it } from 'vitest';
import { closingCounts } from './counts.ts';
import { markerReader } from './marker.ts';
import { machineNames } from './machines.ts';
import { readRequest } from './request.ts';
import { testCommand } from './suite.ts';

it.each([
  [['--run'], '--run needs a value'],
  [['trixie', '--shell', '--run', 'x'], 'a machine runs tests, a command or a shell: one of them'],
  [['trixie', '--shell', 'test/e2e'], 'a machine runs tests, a command or a shell: one of them'],
  [['--shell'], 'a shell needs the name of one machine'],
  [['--set', 'novalue'], '--set needs NAME=VALUE'],
])('%j is refused', (words, sentence) => {
  expect(readRequest(words)).toBe(sentence);
});

it.each([
  [[], { kind: 'test', machines: machineNames, words: [], environment: {} }],
  [
    ['bookworm', 'test/e2e', '-t', 'x', '--set', 'A=b=c'],
    {
      kind: 'test',
      machines: ['bookworm'],
      words: ['test/e2e', '-t', 'x'],
      environment: { A: 'b=c' },
    },
  ],
  [
    ['trixie', '--run', 'a b'],
    { kind: 'run', machines: ['trixie'], command: 'a b', environment: {} },
  ],
  [['forky', '--shell'], { kind: 'shell', machines: ['forky'], environment: {} }],
])('%j is understood', (words, request) => {
  expect(readRequest(words)).toEqual(request);
});

it('only options leave the choice of tests as it is', () => {
  expect(testCommand(['test/e2e/a.test.ts'])).toMatch(/ run 'test\/e2e\/a\.test\.ts'$/);
  expect(testCommand(['--bail=1'])).toMatch(/ 'test\/vm' .* '--bail=1'$/);
  expect(testCommand(["it's"])).toMatch(/ run 'it'\\''s'$/);
});

it('the last closing line counts, and nothing that only looks like one', () => {
  expect(closingCounts('1 passed, 2 failed, 3 skipped\r\n4 passed, 0 failed, 5 skipped\n')).toEqual(
    {
      passed: 4,
      failed: 0,
      skipped: 5,
    },
  );
  expect(closingCounts('x 1 passed, 2 failed, 3 skipped\n 3 passed')).toBeUndefined();
});

it("a machine's own lines are told from all others, however they are cut", () => {
  const text = 'a\u{1e}b\n\u{1e}word ready\r\nsaid\u{1e}word exit 3\nrest\u{1e}other exit 4\n';
  for (let size = 1; size <= text.length; size++) {
    const marks: string[] = [];
    let passed = '';
    const read = markerReader(
      'word',
      (more) => (passed += more),
      (line) => marks.push(line),
    );
    for (let at = 0; at < text.length; at += size) read(text.slice(at, at + size));
    expect({ marks, passed }).toEqual({
      marks: ['ready', 'exit 3'],
      passed: 'a\u{1e}b\nsaidrest\u{1e}other exit 4\n',
    });
  }
});
