import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { TraceReport } from '../../../src/runtime/requests.ts';
import type { TraceFile } from '../../../src/base/trace.ts';
import { RuntError } from '../../../src/base/errors.ts';
import { cli } from '../../support/run-cli.ts';

const trace: TraceReport = {
  command: 'runt run',
  total: 6.4,
  lanes: [
    {
      name: 'runt',
      spans: [
        { name: 'launcher', start: 0, duration: 0.25 },
        { name: 'engine', start: 0.25, duration: 2.5 },
        { name: 'validate', start: 2.75, duration: 0.004 },
        { name: 'runt-init', start: 2.754, duration: 3 },
        { name: 'exec', start: 5.754, duration: 0.646 },
      ],
    },
    {
      name: 'runt-init',
      spans: [
        { name: 'end with the runtime', start: 2.9, duration: 0.01, step: 0 },
        {
          name: 'mount tmpfs on /dev with a name that is far too long <&>',
          start: 2.91,
          duration: 1.5,
          step: 17,
          from: 'mounts[1]',
        },
        { name: 'set the umask', start: 4.41, duration: 0.02, step: 18 },
      ],
    },
  ],
};

/** UPDATE_GOLDEN=1 writes them anew. */
function golden(name: string, text: string): void {
  const file = new URL(`golden/${name}`, import.meta.url);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, 'utf8'));
}

it('is bars', async () => {
  const { stdout, calls } = await cli(['trace', 't.json'], { trace });
  expect(calls).toEqual([{ method: 'trace', argument: '/cwd/t.json' }]);
  golden('trace.txt', stdout);
});

it('shows short steps to those who want all', async () => {
  const { stdout } = await cli(['trace', '--all', 't.json'], { trace });
  expect(stdout).toContain('    0 end with the runtime');
  expect(stdout).not.toContain('shorter');
});

it('is a picture', async () => {
  const { stdout } = await cli(['trace', '--svg', 't.json'], { trace });
  golden('trace.svg', stdout);
  expect((await cli(['trace', '--format', 'svg', 't.json'], { trace })).stdout).toBe(stdout);
});

it('is data for programs', async () => {
  const { stdout } = await cli(['trace', '--format', 'json', 't.json'], { trace });
  expect(JSON.parse(stdout)).toEqual(trace);
});

it('survives a trace in which no time passes', async () => {
  const spans = [{ name: 'x', start: 0, duration: 0 }];
  const none = { command: '', total: 0, lanes: [{ name: 'runt', spans }] };
  for (const format of ['text', 'svg']) {
    const { stdout, status } = await cli(['trace', '--format', format, 't'], { trace: none });
    expect({ status, broken: /NaN|Infinity/.test(stdout) }).toEqual({ status: 0, broken: false });
  }
});

it('takes exactly one file', async () => {
  expect((await cli(['trace'])).message).toBe(
    '/usr/local/bin/runt: "trace" requires exactly 1 argument(s)',
  );
});

/** `--trace` before any command, and a host that remembers. */
const traced = async (argv: readonly string[], answers = {}) => {
  const told: string[] = [];
  const file: TraceFile = {
    enter: (phase) => {
      told.push(phase);
      return '';
    },
    timeline: () => 0,
    settled: () => {},
    finish: () => told.push('finish'),
  };
  let given: TraceFile | undefined;
  const ended = await cli(['--trace', 'file', ...argv], answers, {
    openTrace: async (path, command) => {
      told.push(path, command);
      given = file;
      return file;
    },
  });
  return { ...ended, told, given };
};

it('is opened before a command, told of it, and written after it', async () => {
  expect((await traced(['list'])).told).toEqual([
    '/cwd/file',
    'runt list',
    'list',
    'print',
    'finish',
  ]);
});

it('is written after a command that fails, too', async () => {
  const state = new RuntError('container-missing', { id: 'c1' });
  const { told, status } = await traced(['state', 'c1'], { state });
  expect(status).toBe(1);
  expect(told.at(-1)).toBe('finish');
});

it('ends the command when its file cannot be made', async () => {
  const error = new RuntError('system-call', { doing: 'open /x', errno: 'EACCES' });
  const { calls, status, message } = await cli(
    ['--trace', '/x', 'list'],
    {},
    {
      openTrace: () => Promise.reject(error),
    },
  );
  expect({ calls, status }).toEqual({ calls: [], status: 1 });
  expect(message).toContain('cannot open /x');
});
