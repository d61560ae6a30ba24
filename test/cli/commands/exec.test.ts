import { describe, expect, it } from 'vitest';
import { cli } from '../../support/run-cli.ts';

const changes = {
  kind: 'changes',
  args: ['ls'],
  tty: false,
  env: [],
  additionalGids: [],
  capabilities: [],
  noNewPrivileges: false,
};

async function request(words: readonly string[]) {
  const { calls } = await cli(['exec', ...words]);
  expect(calls).toHaveLength(1);
  return calls[0]?.argument;
}

describe('exec', () => {
  it.each([
    ['nothing', [], {}],
    ['a terminal', ['-t'], { tty: true }],
    ['a folder, as it is', ['--cwd', 'tmp'], { cwd: 'tmp' }],
    ['an empty folder: none', ['--cwd', ''], {}],
    ['variables, commas and all', ['-e', 'A=1,2', '--env=B=-x'], { env: ['A=1,2', 'B=-x'] }],
    ['a value that looks like an option', ['-e', '--tty'], { env: ['--tty'] }],
    ['user and group', ['-u', '1000:100'], { user: { uid: 1000, gid: 100 } }],
    [
      'the highest ids',
      ['--user', '4294967294:4294967294'],
      { user: { uid: 4_294_967_294, gid: 4_294_967_294 } },
    ],
    ['groups', ['-g', '1', '--additional-gids', '65534'], { additionalGids: [1, 65_534] }],
    ['capabilities', ['-c', 'CAP_KILL', '--cap=all'], { capabilities: ['CAP_KILL', 'all'] }],
    ['a label', ['--process-label', 'a:b:c'], { selinuxLabel: 'a:b:c' }],
    ['a profile', ['--apparmor=p'], { apparmorProfile: 'p' }],
    ['no new privileges', ['--no-new-privs'], { noNewPrivileges: true }],
  ])('takes %s', async (_what, words, expected) => {
    expect(await request([...words, 'c1', 'ls'])).toEqual({
      id: 'c1',
      process: { ...changes, ...expected },
      detach: false,
      preserveFds: 0,
    });
  });

  it('takes where the process is to be announced', async () => {
    const words = ['-d', '--pid-file', 'p', '--console-socket=s', '--preserve-fds', '2'];
    expect(await request([...words, '--pidfd-socket', '/f', 'c1', 'ls'])).toEqual({
      id: 'c1',
      process: changes,
      detach: true,
      preserveFds: 2,
      pidFile: '/cwd/p',
      consoleSocket: '/cwd/s',
      pidfdSocket: '/f',
    });
  });

  it('takes cgroups and a paused container', async () => {
    const words = ['--cgroup', 'a/b', '--cgroup=memory,cpu:x', '--ignore-paused', 'c1', 'ls'];
    expect(await request(words)).toMatchObject({
      cgroups: ['a/b', 'memory,cpu:x'],
      ignorePaused: true,
    });
  });

  it.each([[['sh', '-c', 'ls -u x', '--help']], [['x', '--', 'y']], [['-t']]])(
    'leaves the command %j alone',
    async (args) => {
      expect(await request(['c1', ...args])).toHaveProperty('process.args', args);
    },
  );

  it('takes a -- between the id and the command, once', async () => {
    expect(await request(['c1', '--', 'x'])).toHaveProperty('process.args', ['x']);
    expect(await request(['c1', '--', '--', 'x'])).toHaveProperty('process.args', ['--', 'x']);
  });

  it('takes a process file, which excludes the changes', async () => {
    expect(await request(['--process', 'p.json', '--tty', '--detach', 'c1'])).toEqual({
      id: 'c1',
      process: { kind: 'file', path: '/cwd/p.json' },
      detach: true,
      preserveFds: 0,
    });
  });

  it.each([
    [['-u', '1x', 'c1', 'ls'], 'invalid user id "1x": want a whole number from 0 to 4294967294'],
    [['-u', '4294967295', 'c1', 'ls'], 'invalid user id "4294967295"'],
    [['-u', '-1', 'c1', 'ls'], 'invalid user id "-1"'],
    [['-u', ':5', 'c1', 'ls'], 'invalid user id ""'],
    [['-u', '5:', 'c1', 'ls'], 'invalid group id ""'],
    [['-u', '0x10', 'c1', 'ls'], 'invalid user id "0x10"'],
    [['-u', ' 1', 'c1', 'ls'], 'invalid user id " 1"'],
    [['-u', '1:2:3', 'c1', 'ls'], 'invalid group id "2:3"'],
    [['-g', '-1', 'c1', 'ls'], 'invalid additional group id "-1"'],
    [['c1'], 'exec args cannot be empty'],
  ])('refuses %j', async (words, message) => {
    const run = await cli(['exec', ...words]);
    expect(run.status).toBe(255);
    expect(run.message).toMatch(/^exec failed: /);
    expect(run.message).toContain(message);
    expect(run.calls).toEqual([]);
  });

  it('answers 1 when argv itself is wrong', async () => {
    const none = await cli(['exec']);
    expect(none.status).toBe(1);
    expect(none.message).toBe('/usr/local/bin/runt: "exec" requires a minimum of 1 argument(s)');
    const unknown = await cli(['exec', '--usr', '1', 'c1', 'ls']);
    expect(unknown.status).toBe(1);
    expect(unknown.message).toBe('flag provided but not defined: -usr');
  });

  it("ends with the process's status", async () => {
    expect((await cli(['exec', 'c1', 'ls'], { exec: 3 })).status).toBe(3);
  });
});
