/** start, state, pause, resume and delete: the commands that take one id. */
import { describe, expect, it } from 'vitest';
import { cli } from '../../support/run-cli.ts';

describe.each(['start', 'state', 'pause', 'resume'] as const)('%s', (verb) => {
  it('takes an id', async () => {
    const { calls, status } = await cli([verb, 'c1']);
    expect({ calls, status }).toEqual({ calls: [{ method: verb, argument: 'c1' }], status: 0 });
  });

  it('takes an id that looks like an option, after --', async () => {
    expect((await cli([verb, '--', '-x'])).calls[0]?.argument).toBe('-x');
  });
});

describe.each(['start', 'state', 'pause', 'resume', 'delete'] as const)('%s', (verb) => {
  it.each([[[]], [['a', 'b']]])('refuses the arguments %j', async (words) => {
    const run = await cli([verb, ...words]);
    expect(run.message).toBe(`/usr/local/bin/runt: "${verb}" requires exactly 1 argument(s)`);
    expect(run.stdout).toMatch(/^Incorrect Usage\.\n\nNAME:\n/);
    expect({ status: run.status, calls: run.calls }).toEqual({ status: 1, calls: [] });
  });

  it.each(['--bundle', '-5', '-z'])('refuses the option %s', async (option) => {
    const run = await cli([verb, option, 'c1']);
    expect(run.message).toContain('flag provided but not defined: -');
    expect({ status: run.status, calls: run.calls }).toEqual({ status: 1, calls: [] });
  });
});

describe('delete', () => {
  it.each([
    [['c1'], false],
    [['-f', 'c1'], true],
    [['c1', '--force'], true],
    [['-force', 'c1'], true],
  ])('takes %j', async (words, force) => {
    const { calls } = await cli(['delete', ...words]);
    expect(calls).toEqual([{ method: 'delete', argument: { id: 'c1', force } }]);
  });
});

describe('state', () => {
  it('prints with two spaces and no newline at the end', async () => {
    const { stdout } = await cli(['state', 'c1']);
    expect(stdout).toMatch(/^\{\n {2}"ociVersion": "1\.3\.0",\n[^]*"owner": "root"\n\}$/);
  });
});
