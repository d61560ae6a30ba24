/**
 * The interpreter with plans that need no privilege: what it does, and the {step, operation, errno} that it reports.
 */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodePlan } from '../../src/plan/encode.ts';
import { type Op, opTable } from '../../src/plan/generated/ops.ts';
import type { Step } from '../../src/plan/plan.ts';
import { interpret, type InterpretOptions, useSanitized, messageKind } from '../support/native.ts';

type Line = Op | (Pick<Step, 'op'> & Partial<Step>);

/** Ends the plan in words of its own: only what stands before it is looked at. */
const end: Op = { kind: 'gate', gate: 99 };

function run(lines: readonly Line[], options: InterpretOptions = {}) {
  const steps = lines.map((line): Step => {
    const step = 'kind' in line ? { op: line } : line;
    return { origin: '', doing: '', tolerate: [], warn: false, explain: {}, ...step };
  });
  return interpret(encodePlan(steps), options);
}

const clean = { status: 0, messages: [], stdout: '', stderr: '' };

/** The ending of a plan whose step failed, and nothing else was said. */
const failing = (step: number, kind: Op['kind'], errno: number) => ({
  ...clean,
  status: 125,
  messages: [
    { kind: messageKind.failed, step, op: opTable[kind].number, value: errno, detail: '' },
  ],
});

const openHost = (path: string, into = 0): Op => ({ kind: 'openHost', path, flags: 0, into });
const program = (...argv: string[]): Op[] => [
  { kind: 'findExecutable', candidates: ['/nowhere/x', argv[0] ?? ''] },
  { kind: 'exec', argv, env: ['A=b', 'HOME=/'] },
];

let folder = '';
useSanitized();
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'runt-interpreter-'));
  chmodSync(folder, 0o777);
});
afterAll(() => rmSync(folder, { recursive: true }));

test('a plan that ends without an exec ends with 0', async () => {
  expect(await run([{ kind: 'umask', mask: 0o22 }, { kind: 'setsid' }])).toEqual(clean);
});

test('runs the program with its arguments and environment', async () => {
  const script = 'echo "$0 $1 $A"; umask; ls /proc/self/fd | wc -l';
  const { stdout, ...rest } = await run([
    { kind: 'umask', mask: 0o27 },
    { kind: 'noNewPrivileges' },
    { kind: 'keepDescriptors', count: 0 },
    ...program('/bin/sh', '-c', script, 'zero', 'one'),
  ]);
  // 0, 1, 2 and the folder that ls reads
  expect(stdout).toBe('zero one b\n0027\n4\n');
  expect(rest).toEqual({ status: 0, messages: [], stderr: '' });
});

test('the first step that fails ends the plan and is reported', async () => {
  const ending = await run([{ kind: 'dumpable', on: 0 }, openHost('/nowhere'), end]);
  expect(ending).toEqual(failing(1, 'openHost', 2));
});

test('a tolerated failure does not, and is told only where that is asked for', async () => {
  const { messages, status } = await run([
    { op: openHost('/nowhere'), tolerate: ['ENOENT'] },
    { op: openHost('/nowhere'), tolerate: ['EPERM', 'ENOENT'], warn: true },
    { op: openHost('/nowhere'), tolerate: ['any'] },
    end,
  ]);
  expect(status).toBe(0);
  expect(messages.map(({ kind, step, value }) => [kind, step, value])).toEqual([
    [messageKind.tolerated, 1, 2],
    [messageKind.gate, 3, 99],
  ]);
});

test('another errno than the tolerated ones ends the plan', async () => {
  const step = { op: openHost('/nowhere'), tolerate: ['EPERM', 'EBUSY'] } as const;
  expect(await run([step, end])).toEqual(failing(0, 'openHost', 2));
});

test('a gate opens at the word of the runtime, and goes on behind it', async () => {
  const { messages, status } = await run([
    { kind: 'gate', gate: 1 },
    { kind: 'gate', gate: 3 },
  ]);
  expect(status).toBe(0);
  expect(messages.map(({ kind, step, value }) => [kind, step, value])).toEqual([
    [messageKind.gate, 0, 1],
    [messageKind.gate, 1, 3],
  ]);
});

test.each([
  ['of another gate', { kind: messageKind.go, value: 2 }],
  ['of another kind', { kind: messageKind.gate, value: 1 }],
])('a gate stays closed at a word %s', async (_what, answer) => {
  const { messages, status } = await run([{ kind: 'gate', gate: 1 }], { atGate: () => answer });
  expect(status).toBe(125);
  // EPROTO
  expect(messages[1]).toMatchObject({ kind: messageKind.failed, step: 0, value: 71 });
});

test('a runtime that has gone leaves nothing behind: the gate fails', async () => {
  const { status, stderr } = await run([{ kind: 'gate', gate: 1 }, ...program('/bin/echo', 'no')], {
    atGate: () => null,
  });
  expect({ status, stderr }).toEqual({ status: 125, stderr: '' });
});

test('slots hold what was handed over, and are empty once closed', async () => {
  const device: Op = { kind: 'verifyDevice', device: 0, major: 1, minor: 3 };
  const slots = ['/dev/null'];
  expect(await run([device, { kind: 'closeSlot', slot: 0 }], { slots })).toEqual(clean);
  expect(await run([device], { slots: ['/dev/zero'] })).toEqual(failing(0, 'verifyDevice', 19));
  expect(await run([{ kind: 'closeSlot', slot: 0 }, device], { slots })).toEqual(
    failing(1, 'verifyDevice', 9),
  );
  // a step whose failure was tolerated may have left it empty
  expect(await run([{ kind: 'closeSlot', slot: 1023 }])).toEqual(clean);
});

test.each([
  [['/nowhere/a', '/nowhere/b'], 2],
  [[], 2],
  [['/etc/passwd/x', '/nowhere'], 2],
  // the one that is there, but no program, is the better reason
  [['/etc/passwd', '/nowhere'], 13],
  [['/etc'], 21],
])('finds no executable among %j', async (candidates, errno) => {
  expect(await run([{ kind: 'findExecutable', candidates }])).toEqual(
    failing(0, 'findExecutable', errno),
  );
});

test('an exec without an executable fails', async () => {
  expect(await run([{ kind: 'exec', argv: ['a'], env: [] }])).toEqual(failing(0, 'exec', 2));
});

test('the home folder of the passwd file takes the last place of the environment', async () => {
  const { stdout } = await run([
    { kind: 'homeFolder', uid: 0 },
    ...program('/bin/sh', '-c', 'echo "$HOME $A"'),
  ]);
  expect(stdout).toBe('/root b\n');
});

test('the working folder is entered once', async () => {
  const { stdout } = await run([
    { kind: 'workingFolder', path: '/etc' },
    { kind: 'workingFolder', path: '/nowhere' },
    ...program('/bin/pwd'),
  ]);
  expect(stdout).toBe('/etc\n');
  expect(await run([{ kind: 'workingFolder', path: '/nowhere' }])).toEqual(
    failing(0, 'workingFolder', 2),
  );
});

test('exactly the named signals are blocked, and none is ignored, not even SIGPIPE, which Node ignores', async () => {
  const { stdout } = await run([
    // SIGUSR1, a real-time signal
    { kind: 'signalMask', mask: (1n << 9n) | (1n << 40n) },
    ...program('/bin/grep', '-E', '^Sig(Blk|Ign)', '/proc/self/status'),
  ]);
  expect(stdout).toBe('SigBlk:\t0000010000000200\nSigIgn:\t0000000000000000\n');
});

test('targets are made beneath their root, whatever its symlinks say', async () => {
  const root = join(folder, 'root');
  mkdirSync(root);
  chmodSync(root, 0o777);
  symlinkSync('/../../outside', join(root, 'link'));
  const target = {
    kind: 'openTarget',
    root: 0,
    like: 0,
    mode: 0o755,
    resolve: 0,
    into: 1,
  } as const;
  const ending = await run(
    [
      { ...target, path: '/link/a/b', make: 1 },
      { ...target, path: '/c/file', make: 2 },
      { ...target, path: '/like', make: 3 },
      { kind: 'makeSymlink', root: 0, path: '/c/symlink', target: '/etc' },
      { kind: 'openHost', path: root, flags: 0, into: 2 },
      { kind: 'writeFile', folder: 2, path: 'c/file', text: 'words' },
    ],
    { slots: [root] },
  );
  expect(ending).toEqual(clean);
  expect(readFileSync(join(root, 'c/file'), 'utf8')).toBe('words');
  expect(existsSync(join(root, 'outside/a/b'))).toBe(true);
  expect(existsSync(join(root, 'like'))).toBe(true);
  expect(existsSync('/outside')).toBe(false);
  const nothing = await run([{ ...target, path: '/none', make: 0 }], { slots: [root] });
  expect(nothing).toEqual(failing(0, 'openTarget', 2));
  // RESOLVE_BENEATH: a symlink to an absolute path is no way out for a write
  const write = { kind: 'writeFile', folder: 0, path: 'c/symlink/x', text: '' } as const;
  expect(await run([write], { slots: [root] })).toEqual(failing(0, 'writeFile', 18));
});

const hook = (script: string, timeout = 0): Extract<Op, { kind: 'runHook' }> => ({
  kind: 'runHook',
  stage: 'createRuntime',
  path: '/bin/sh',
  argv: ['sh', '-c', script],
  env: ['PATH=/bin:/usr/bin'],
  timeout,
  before: '{"pid":',
  after: ',"id":"a"}',
});

test('a hook that succeeds says nothing', async () => {
  expect(await run([hook('cat; echo more >&2')])).toEqual(clean);
  expect(await run([hook('exec <&- >&- 2>&-; exit 0')])).toEqual(clean);
});

test('a hook reads the state with the pid, and its output is in the report', async () => {
  const { messages, status } = await run([hook('cat; echo; echo words >&2; exit 3'), end]);
  expect(status).toBe(125);
  expect(messages).toHaveLength(1);
  expect(messages[0]).toMatchObject({ kind: messageKind.hook, step: 0, value: 3 << 8 });
  expect(messages[0]?.detail).toMatch(/^\{"pid":\d+,"id":"a"\}\nwords\n$/);
});

test.each([
  ['was killed', hook('kill -9 $$'), 9],
  ['cannot be run', { ...hook(''), path: '/nowhere' }, -2],
  ['ran too long', hook('sleep 100', 100), -110],
  ['ran too long with a child in the background', hook('sleep 100 & sleep 100', 100), -110],
  ['never stops writing', hook('yes', 300), -110],
])('a hook that %s', async (_what, op, value) => {
  const { messages, status } = await run([op]);
  expect(status).toBe(125);
  expect(messages[0]).toMatchObject({ kind: messageKind.hook, step: 0, value });
});

test('a hook may end while a child of its own goes on writing', async () => {
  expect(await run([hook('yes & sleep 0.1; kill $! || true')])).toEqual(clean);
});

test('of a long output the beginning is kept', async () => {
  const { messages } = await run([hook('head -c 200000 /dev/zero | tr "\\0" x; exit 1')]);
  expect(messages[0]?.detail).toBe('x'.repeat(1024));
});
