import { describe, expect, it } from 'vitest';
import { sampleState } from '../../support/recording-runtime.ts';
import { cli } from '../../support/run-cli.ts';

const answers = { list: [sampleState], listIds: ['a', 'b'] };

describe('list', () => {
  it.each([[[]], [['-f', 'table']], [['--format=table']]])('prints a table: %j', async (words) => {
    const { stdout, calls } = await cli(['list', ...words], answers);
    expect(stdout).toMatch(/^ID {10}PID {9}STATUS {6}BUNDLE/);
    expect(calls).toEqual([{ method: 'list', argument: true }]);
  });

  it('prints JSON', async () => {
    expect((await cli(['list', '-f', 'json'], answers)).stdout).toMatch(/^\[\{"ociVersion"/);
  });

  it.each([[['-q']], [['--quiet', '-f', 'json']]])('prints only ids: %j', async (words) => {
    const { stdout, calls } = await cli(['list', ...words], answers);
    expect(stdout).toBe('a\nb\n');
    expect(calls).toEqual([{ method: 'listIds', argument: true }]);
  });

  it.each([[['list']], [['list', '-q']]])('insists on a root that was named: %j', async (words) => {
    const { calls, root } = await cli(['--root', 'r', ...words]);
    expect(calls[0]?.argument).toBe(false);
    expect(root).toBe('/cwd/r');
  });

  it('refuses another format and an argument', async () => {
    const format = await cli(['list', '-f', 'yaml']);
    expect(format.message).toBe('invalid format option: yaml');
    expect(format.status).toBe(1);
    const argument = await cli(['list', 'c1']);
    expect(argument.message).toBe('runt: "list" requires exactly 0 argument(s)');
    expect(argument.calls).toEqual([]);
  });
});
