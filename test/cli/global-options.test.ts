import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RuntError } from '../../src/base/errors.ts';
import type { CliHost } from '../../src/cli/host.ts';
import { cli } from '../support/run-cli.ts';

const inside = (): boolean => true;
const user = { XDG_RUNTIME_DIR: '/run/user/1000' };

/** Where a log has two fields, there is one line. */
const missingAndHint = 'container does not exist (to see which there are: runt list)';

describe('--root', () => {
  it.each([
    ['root', { env: user, euid: 0 }, '/run/runt'],
    ['a user', { env: user, euid: 1000 }, '/run/user/1000/runt'],
    ['a user without XDG_RUNTIME_DIR', { env: {}, euid: 1000 }, '/run/runt'],
    ['a user with an empty one', { env: { XDG_RUNTIME_DIR: '' }, euid: 1000 }, '/run/runt'],
    [
      'root of a user namespace',
      { env: user, euid: 0, inUserNamespace: inside },
      '/run/user/1000/runt',
    ],
    [
      'root there who calls himself so',
      { env: { ...user, USER: 'root' }, euid: 0, inUserNamespace: inside },
      '/run/runt',
    ],
    ['a caller of runc', { invokedAs: '/usr/sbin/runc' }, '/run/runc'],
    ['a user who calls runc', { invokedAs: 'runc', env: user, euid: 1000 }, '/run/user/1000/runc'],
    ['a caller by another name', { invokedAs: 'crun' }, '/run/runt'],
  ])('has a default for %s', async (_who, host, root) => {
    expect((await cli(['state', 'c1'], {}, host)).root).toBe(root);
  });

  it.each([
    [['--root', '/x'], '/x'],
    [['-root=/x/../y'], '/y'],
    [['--root', 'x'], '/cwd/x'],
    [['--root', ''], '/run/runt'],
  ])('%j', async (words, root) => {
    expect((await cli([...words, 'state', 'c1'])).root).toBe(root);
  });

  it.each(['/', '//', '/x/..', '..'])('refuses %s', async (root) => {
    const { message, status, calls } = await cli(['--root', root, 'state', 'c1']);
    const text = 'Option --root argument should not be set to /';
    expect({ message, status, calls }).toEqual({ message: text, status: 1, calls: [] });
  });
});

describe('--log', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'runt-cli-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const missing = { state: new RuntError('container-missing', { id: 'c1' }) };

  it('takes the error, which stderr has plain', async () => {
    const file = join(folder, 'log.json');
    const words = ['--log', file, '--log-format', 'json', 'state', 'c1'];
    const { stderr, status } = await cli(words, missing);
    expect({ stderr, status }).toEqual({ stderr: `${missingAndHint}\n`, status: 1 });
    const [first = '', ...more] = readFileSync(file, 'utf8').split('\n');
    expect(JSON.parse(first)).toMatchObject({
      level: 'error',
      msg: 'container does not exist',
      hint: 'to see which there are: runt list',
    });
    expect(more).toEqual(['']);
  });

  it('takes a wrong argument count too', async () => {
    const file = join(folder, 'log');
    await cli(['--log', file, 'state']);
    expect(readFileSync(file, 'utf8')).toContain(
      String.raw`/usr/local/bin/runt: \"state\" requires exactly 1`,
    );
  });

  it('takes a file by its name even where it looks like a log of the system', async () => {
    const words = ['--log', `file:${folder}/syslog:x`, 'state', 'c1'];
    expect((await cli(words, missing)).status).toBe(1);
    expect(readdirSync(folder)).toEqual(['syslog:x']);
  });

  it('is relative to the working directory, and made even when nothing is said', async () => {
    await cli(['--log', 'here', 'state', 'c1'], {}, { cwd: () => folder });
    expect(readdirSync(folder)).toEqual(['here']);
  });

  it.each([[['--help']], [['--version']], [['help']], [[]]])(
    'is not made for %j',
    async (words) => {
      await cli(['--log', join(folder, 'log'), ...words]);
      expect(readdirSync(folder)).toEqual([]);
    },
  );

  it('that cannot be opened ends the command', async () => {
    const { message, status, calls } = await cli(['--log', `${folder}/no/x`, 'state', 'c1']);
    const text = `cannot open the log file ${folder}/no/x: no such file or directory (ENOENT)`;
    expect({ message, status, calls }).toEqual({ message: text, status: 1, calls: [] });
  });
});

describe('--log of the system', () => {
  const missing = { state: new RuntError('container-missing', { id: 'c1' }) };

  it.each([
    ['journald:web', { kind: 'journald', identity: 'web' }],
    ['syslog:', { kind: 'syslog', identity: '' }],
  ])('%s takes the error, which stderr has plain', async (target, opened) => {
    const lines: unknown[] = [];
    const openSink: CliHost['openSink'] = async (where) => {
      lines.push(where);
      return (level, text) => lines.push([level, text]) > 0;
    };
    const { stderr, status } = await cli(['--log', target, 'state', 'c1'], missing, { openSink });
    expect({ stderr, status }).toEqual({ stderr: `${missingAndHint}\n`, status: 1 });
    expect(lines).toEqual([opened, ['error', missingAndHint]]);
  });

  it('that takes nothing any more loses no line', async () => {
    const openSink: CliHost['openSink'] = async () => () => false;
    const words = ['--log=syslog:x', 'state', 'c1'];
    const { stderr } = await cli(words, missing, { openSink });
    expect(stderr).toMatch(/^time=.* msg="container does not exist" hint=".*"\ncontainer does not/);
  });
});

describe('--rootless', () => {
  it.each(['true', 'false', 'auto', 'AUTO', '1', 'F', ''])('takes "%s"', async (word) => {
    expect((await cli(['--rootless', word, 'state', 'c1'])).status).toBe(0);
  });

  it('refuses another', async () => {
    const { message, status, calls } = await cli(['--rootless=maybe', 'state', 'c1']);
    const text = 'invalid value "maybe" for --rootless: want true, false or auto';
    expect({ message, status, calls }).toEqual({ message: text, status: 1, calls: [] });
  });
});

describe('--log-format', () => {
  it('json makes the line on stderr JSON', async () => {
    const { stderr } = await cli(['--log-format=json', 'state']);
    expect(JSON.parse(stderr)).toMatchObject({ level: 'error' });
  });

  it('refuses another', async () => {
    const { message, status } = await cli(['--log-format', 'xml', 'state', 'c1']);
    expect({ message, status }).toEqual({ message: 'invalid log-format: xml', status: 1 });
  });
});

describe('--debug', () => {
  it('tells where an error that is none of ours came from', async () => {
    const { stderr } = await cli(['--debug', 'start', 'c1'], { start: new TypeError('boom') });
    expect(stderr).toMatch(/level=debug msg="TypeError: boom\\n[^]*level=error msg=boom\n$/);
  });
});

describe('a global option behind the command', () => {
  it.each([
    [['state', '--root', '/x', 'c1']],
    [['state', 'c1', '--root=/x']],
    [['--root', '/y', 'state', '-root', '/x', 'c1', '--debug']],
    [['exec', '--root', '/x', 'c1', 'ls', '--root', '/z']],
    [['spec', '--rootless', '--root', '/x']],
  ])('%j', async (words) => {
    const { root, calls, stderr } = await cli(words);
    expect({ root, stderr }).toEqual({ root: '/x', stderr: '' });
    expect(calls).toHaveLength(1);
  });

  it('is the log of what comes after, too', async () => {
    const { stderr } = await cli(['list', '--log-format=json', '--nothing']);
    expect(JSON.parse(stderr)).toMatchObject({ msg: 'flag provided but not defined: -nothing' });
  });

  it('is not taken from the words of somebody else', async () => {
    const { calls, root } = await cli(['exec', 'c1', 'ls', '--root', '/x']);
    expect(root).toBe('/run/runt');
    expect(calls[0]?.argument).toMatchObject({ id: 'c1' });
  });

  it('needs its value', async () => {
    expect((await cli(['state', 'c1', '--root'])).message).toBe('flag needs an argument: --root');
  });
});
