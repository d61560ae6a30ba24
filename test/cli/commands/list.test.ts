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

  it('is of those that are named', async () => {
    const three = ['t1', 't2', 't3'];
    const list = three.map((id) => ({ ...sampleState, id }));
    const some = { list, listIds: three };
    expect((await cli(['list', '-q', 't3', 't1'], some)).stdout).toBe('t1\nt3\n');
    const { stdout } = await cli(['list', '--format', 'json', 't2'], some);
    expect(JSON.parse(stdout)).toEqual([list[1]]);
    const absent = await cli(['list', 't2', 'other'], some);
    expect(absent).toMatchObject({ status: 1, stdout: '' });
    expect(absent.message).toContain('container does not exist');
  });

  it('refuses another format', async () => {
    const format = await cli(['list', '-f', 'yaml']);
    expect(format.message).toBe('invalid format option: yaml');
    expect(format.status).toBe(1);
  });
});
