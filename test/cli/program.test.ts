import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { RuntError } from '../../src/base/errors.ts';
import { commandTable } from '../../src/cli/command-table.ts';
import { cli } from '../support/run-cli.ts';

const names = Object.keys(commandTable);

describe('help', () => {
  it.each([[[]], [['help']], [['-h']], [['--help']], [['-help']], [['--help', 'state']]])(
    'of the program: %j',
    async (words) => {
      const { stdout, stderr, status, root } = await cli(words);
      expect(stdout).toMatch(/^NAME:\n {3}runt - Open Container Initiative runtime\n/);
      for (const name of names) expect(stdout).toContain(`   ${name} `);
      expect({ stderr, status, root }).toEqual({ stderr: '', status: 0, root: undefined });
    },
  );

  it.each(names)('of %s', async (name) => {
    const asked = await Promise.all([
      cli([name, '-h']),
      cli([name, '--help', 'c1']),
      cli(['help', name]),
    ]);
    for (const { stdout, stderr, status, calls } of asked) {
      expect(stdout.split('\n').slice(0, 2)).toEqual([
        'NAME:',
        expect.stringMatching(`^   runt ${name} - \\w`),
      ]);
      expect({ stderr, status, calls }).toEqual({ stderr: '', status: 0, calls: [] });
    }
  });

  it('uses the name that the program was called by', async () => {
    const { stdout } = await cli(['state', '-h'], {}, { invokedAs: 'runc' });
    expect(stdout).toMatch(/^NAME:\n {3}runc state - /);
  });
});

describe('a command that does not exist', () => {
  it.each([
    [['foo'], "No help topic for 'foo'"],
    [['foo', '-h'], "No help topic for 'foo'"],
    [['help', 'foo'], "No help topic for 'foo'"],
    [['strat'], "No help topic for 'strat'"],
    [['constructor'], "No help topic for 'constructor'"],
    [['--', '-x'], "No help topic for '-x'"],
    [[''], "No help topic for ''"],
  ])('%j', async (words, text) => {
    const { message, status, stdout } = await cli(words);
    expect({ message, status, stdout }).toEqual({ message: text, status: 3, stdout: '' });
  });
});

describe('an option that does not exist', () => {
  it('is one line, with the nearest name', async () => {
    const { message, status, stdout } = await cli(['--rot', '/x', 'list']);
    const text = 'flag provided but not defined: -rot';
    expect({ message, status, stdout }).toEqual({ message: text, status: 1, stdout: '' });
  });
});

describe('what to do next', () => {
  it.each([
    [['--rot', 'list'], 'did you mean --root?'],
    [['--nothing', 'list'], 'see runt help'],
    [['list', '--nothing'], 'see runt help list'],
    [['--root', '/x', 'delete', '--nothing'], 'see runt help delete'],
    [['foo'], 'see runt help'],
    [['strat'], 'did you mean start?'],
    // its whole help stands above
    [['state'], undefined],
  ])('%j', async (words, expected) => {
    expect((await cli(words)).hint).toBe(expected);
  });
});

describe('--version', () => {
  it.each(['--version', '-v', '-version'])('%s', async (option) => {
    const { stdout, status, root } = await cli([option]);
    expect(stdout).toBe('runt version 1\nspec: 1.3.0\n');
    expect({ status, root }).toEqual({ status: 0, root: '/run/runt' });
  });
});

describe('an error of the runtime', () => {
  const error = new RuntError('container-missing', { id: 'c1' });

  it.each([
    ['start', ['c1'], 1, ''],
    ['state', ['c1'], 1, ''],
    ['kill', ['c1'], 1, ''],
    ['delete', ['c1'], 1, ''],
    ['list', [], 1, ''],
    ['spec', [], 1, ''],
    ['plan', [], 1, ''],
    ['validate', [], 1, ''],
    ['features', [], 1, ''],
    ['create', ['c1'], 1, 'runt create failed: '],
    ['run', ['c1'], 1, 'runt run failed: '],
    ['exec', ['c1', 'ls'], 255, 'exec failed: '],
  ] as const)('ends %s %j with %i', async (verb, args, status, prefix) => {
    const run = await cli([verb, ...args], { [verb]: error });
    expect(run.message).toBe(`${prefix}container does not exist`);
    expect({ status: run.status, stdout: run.stdout }).toEqual({ status, stdout: '' });
  });

  it("has the program's own name before it, as callers of runc expect", async () => {
    const { stderr } = await cli(['run', 'c1'], { run: error }, { invokedAs: '/sbin/runc' });
    expect(stderr).toMatch(
      / level=error msg="runc run failed: container does not exist" hint="[^"]*: runc list"\n$/,
    );
  });

  it('may be anything that was thrown', async () => {
    const host = {
      makeRuntime: () => {
        throw new Error('boom');
      },
    };
    const { message, status } = await cli(['exec', 'c1', 'ls'], {}, host);
    expect({ message, status }).toEqual({ message: 'exec failed: boom', status: 255 });
  });
});

describe('loading', () => {
  const bun = new URL('../../node_modules/@oven/bun-linux-x64/bin/bun', import.meta.url).pathname;
  const program = new URL('../../src/cli/program.ts', import.meta.url).pathname;

  /** The modules that an engine of its own holds after the script. */
  function loadedAfter(script: string): readonly string[] {
    const whole = `const { runCli } = await import(${JSON.stringify(program)}); ${script}
      console.log(Object.keys(require.cache).join('\\n'))`;
    return execFileSync(bun, ['-e', whole], { encoding: 'utf8' }).split('\n');
  }

  it('program.ts brings in neither commander nor a command', () => {
    const loaded = loadedAfter('');
    expect(loaded).toContain(program);
    expect(loaded.filter((path) => /commander|\/commands\//.test(path))).toEqual([]);
  });

  it('state brings in its own record and no other', () => {
    const host = `{ invokedAs: 'runt', env: {}, euid: 0, cwd: () => '/', stdout() {}, stderr() {} }`;
    const loaded = loadedAfter(`await runCli(['state', 'c1'], ${host});`);
    expect(loaded.filter((path) => path.includes('/commander/'))).toEqual([]);
    expect(loaded.filter((path) => path.includes('/commands/'))).toEqual([
      expect.stringMatching(/\/commands\/state\.ts$/),
    ]);
  });
});
