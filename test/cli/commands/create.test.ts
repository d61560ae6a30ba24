import { describe, expect, it } from 'vitest';
import { cli } from '../../support/run-cli.ts';

const plain = {
  id: 'c1',
  bundle: '/cwd',
  noPivot: false,
  noNewKeyring: false,
  preserveFds: 0,
};
const plainRun = { ...plain, detach: false, keep: false, noSubreaper: false };

describe.each(['create', 'run'] as const)('%s', (verb) => {
  const base = verb === 'run' ? plainRun : plain;

  it.each([
    ['no option', ['c1'], {}],
    ['a relative bundle', ['-b', 'x/./y/', 'c1'], { bundle: '/cwd/x/y' }],
    ['.. kept in a path', ['-b', 'link/../y', 'c1'], { bundle: '/cwd/link/../y' }],
    ['an empty bundle: the default', ['--bundle=', 'c1'], {}],
    ['the last bundle', ['-b', '/x', '-b', '/y', 'c1'], { bundle: '/y' }],
    ['options after the id', ['c1', '--no-pivot'], { noPivot: true }],
    ['one dash', ['-no-pivot', '-bundle', '/x', 'c1'], { noPivot: true, bundle: '/x' }],
    ['a short name with =', ['-b=/x', 'c1'], { bundle: '/x' }],
    ['flag=true', ['--no-pivot=true', 'c1'], { noPivot: true }],
    ['flag=false after flag', ['--no-pivot', '--no-pivot=false', 'c1'], {}],
    ['words after --', ['--no-pivot', '--', 'c1'], { noPivot: true }],
    [
      'all the rest',
      [
        '--console-socket',
        's',
        '--pidfd-socket=/p',
        '--pid-file',
        'init.pid',
        '--no-new-keyring',
        '--preserve-fds',
        '3',
        'c1',
      ],
      {
        consoleSocket: '/cwd/s',
        pidfdSocket: '/p',
        pidFile: '/cwd/init.pid',
        noNewKeyring: true,
        preserveFds: 3,
      },
    ],
  ])('takes %s', async (_what, words, changes) => {
    const { status, stdout, stderr, calls } = await cli([verb, ...words]);
    expect(calls).toEqual([{ method: verb, argument: { ...base, ...changes } }]);
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it.each([
    [['--preserve-fds', 'x', 'c1'], 'invalid number of descriptors "x": want a whole number'],
    [['--preserve-fds', '-1', 'c1'], 'invalid number of descriptors "-1"'],
    [['--preserve-fds=1e3', 'c1'], 'invalid number of descriptors "1e3"'],
    [['c1', '--bundle'], 'flag needs an argument: --bundle'],
    [['--no-pivto', 'c1'], 'flag provided but not defined: -no-pivto'],
    [['--no-pivot=maybe', 'c1'], 'invalid value "maybe" for --no-pivot'],
    [['-z', 'c1'], 'flag provided but not defined: -z'],
  ])('refuses %j', async (words, message) => {
    const run = await cli([verb, ...words]);
    expect(run.status).toBe(1);
    expect(run.message).toContain(message);
    expect(run.message.startsWith('runt ')).toBe(false);
    expect({ stdout: run.stdout, calls: run.calls }).toEqual({ stdout: '', calls: [] });
  });

  it.each([[[]], [['a', 'b']]])('refuses the arguments %j', async (words) => {
    const run = await cli([verb, ...words]);
    expect(run.status).toBe(1);
    expect(run.message).toBe(`/usr/local/bin/runt: "${verb}" requires exactly 1 argument(s)`);
    expect(run.stdout).toMatch(new RegExp(`^Incorrect Usage\\.\n\nNAME:\n {3}runt ${verb} - `));
  });
});

describe('run', () => {
  it.each([
    [['-d', 'c1'], { detach: true }],
    [['c1', '--detach'], { detach: true }],
    [['--detach', '--detach=false', 'c1'], {}],
    [['--keep', '-no-subreaper', 'c1'], { keep: true, noSubreaper: true }],
  ])('takes %j', async (words, changes) => {
    const { calls } = await cli(['run', ...words]);
    expect(calls).toEqual([{ method: 'run', argument: { ...plainRun, ...changes } }]);
  });

  it('never reads a word with one dash as several flags', async () => {
    const { message } = await cli(['run', '-detahc', 'c1']);
    expect(message).toBe('flag provided but not defined: -detahc');
  });

  it("ends with the container's status", async () => {
    expect((await cli(['run', 'c1'], { run: 137 })).status).toBe(137);
  });
});

describe('create', () => {
  it('has none of the options of run', async () => {
    expect((await cli(['create', '--detach', 'c1'])).message).toContain(
      'flag provided but not defined: -detach',
    );
  });
});
