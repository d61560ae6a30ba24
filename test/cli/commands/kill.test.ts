import { describe, expect, it } from 'vitest';
import { cli } from '../../support/run-cli.ts';

describe('kill', () => {
  it.each([
    [[], 15],
    [['9'], 9],
    [['KILL'], 9],
    [['SIGKILL'], 9],
    [['sigkill'], 9],
    [['Hup'], 1],
    [['64'], 64],
    [['0'], 0],
    [['RTMIN'], 34],
    [['SIGRTMIN+3'], 37],
    [['rtmax-1'], 63],
  ])('sends %j', async (signal, number) => {
    const { calls, status } = await cli(['kill', 'c1', ...signal]);
    expect(calls).toEqual([{ method: 'kill', argument: { id: 'c1', signal: number, all: false } }]);
    expect(status).toBe(0);
  });

  it.each([['-a'], ['--all'], ['-all']])('takes %s before the id', async (all) => {
    const { calls } = await cli(['kill', all, 'c1', '9']);
    expect(calls[0]?.argument).toEqual({ id: 'c1', signal: 9, all: true });
  });

  it('does not speak of --all', async () => {
    expect((await cli(['kill', '-h'])).stdout).not.toContain('--all');
  });

  it.each(['65', '-9', '1x', 'NOSUCH', 'SIGSIGKILL', 'RTMIN+31', 'RTMIN-1', '', '+9', ' 9'])(
    'refuses the signal "%s"',
    async (signal) => {
      const { message, status, calls } = await cli(['kill', 'c1', signal]);
      expect(message).toBe(`unknown signal ${JSON.stringify(signal)}`);
      expect({ status, calls }).toEqual({ status: 1, calls: [] });
    },
  );

  it.each([
    [[], '/usr/local/bin/runt: "kill" requires a minimum of 1 argument(s)'],
    [['c1', '9', '--all'], '/usr/local/bin/runt: "kill" requires a maximum of 2 argument(s)'],
    [['-9', 'c1'], 'flag provided but not defined: -9'],
  ])('refuses the arguments %j', async (words, text) => {
    const { message, status } = await cli(['kill', ...words]);
    expect({ message, status }).toEqual({ message: text, status: 1 });
  });
});
