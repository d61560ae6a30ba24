import { describe, expect, it } from 'vitest';
import { cli } from '../../support/run-cli.ts';

const answers = { processes: [12, 34], processTable: 'PID\n12\n' };

describe('ps', () => {
  it.each([[[]], [['-f', 'table']], [['--format=table']]])('prints a table: %j', async (words) => {
    const { stdout, calls } = await cli(['ps', ...words, 'c1'], answers);
    expect(stdout).toBe('PID\n12\n');
    expect(calls).toEqual([{ method: 'processTable', argument: { id: 'c1', args: [] } }]);
  });

  it.each([[['-f', 'json']], [['--format', 'json']]])('prints pids: %j', async (words) => {
    const { stdout, calls } = await cli(['ps', ...words, 'c1'], answers);
    expect(stdout).toBe('[12,34]\n');
    expect(calls).toEqual([{ method: 'processes', argument: 'c1' }]);
  });

  it('hands what stands behind the id on, whatever it looks like', async () => {
    const { calls } = await cli(['ps', 'c1', '-e', '--format', 'json', '-x'], answers);
    expect(calls[0]?.argument).toEqual({ id: 'c1', args: ['-e', '--format', 'json', '-x'] });
  });

  it.each([
    [['-f', 'yaml', 'c1'], 'invalid format option: yaml'],
    [[], '/usr/local/bin/runt: "ps" requires a minimum of 1 argument(s)'],
  ])('refuses %j', async (words, text) => {
    const { message, status, calls } = await cli(['ps', ...words], answers);
    expect({ message, status, calls }).toEqual({ message: text, status: 1, calls: [] });
  });
});
