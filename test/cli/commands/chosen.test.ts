/** kill and delete with --regex: every container whose id matches. */
import { describe, expect, it } from 'vitest';
import { RuntError } from '../../../src/base/errors.ts';
import { cli } from '../../support/run-cli.ts';

const answers = { listIds: ['web-1', 'web-2', 'db'] };

describe('kill --regex', () => {
  it.each([
    ['web', ['web-1', 'web-2']],
    ['^d', ['db']],
    ['[23]$', ['web-2']],
    ['nothing', []],
  ])('%s', async (pattern, ids) => {
    const { calls, status } = await cli(['kill', '--regex', pattern, 'KILL'], answers);
    const kills = ids.map((id) => ({ method: 'kill', argument: { id, signal: 9, all: false } }));
    expect(calls).toEqual([{ method: 'listIds', argument: true }, ...kills]);
    expect(status).toBe(0);
  });

  it('refuses what is no expression, before anything is done', async () => {
    const { message, status, calls } = await cli(['kill', '--regex', '(', '9'], answers);
    const text = 'invalid regular expression "("';
    expect({ message, status, calls }).toEqual({ message: text, status: 1, calls: [] });
  });
});

describe('delete --regex', () => {
  it('goes on after a failure, and tells each by its id', async () => {
    const fault = new RuntError('wrong-status', { id: 'x', verb: 'delete', status: 'running' });
    const { message, status, calls } = await cli(['delete', '--regex', 'web'], {
      ...answers,
      delete: fault,
    });
    const text = 'cannot delete container x that is not stopped: running';
    expect({ message, status }).toEqual({ message: `web-1: ${text}; web-2: ${text}`, status: 1 });
    expect(calls).toHaveLength(3);
  });

  it('passes over one that somebody else has just deleted', async () => {
    const gone = { ...answers, delete: new RuntError('container-missing', { id: 'x' }) };
    const { status, calls } = await cli(['delete', '-f', '--regex', '.'], gone);
    expect(status).toBe(0);
    expect(calls[1]?.argument).toEqual({ id: 'web-1', force: true });
  });
});
