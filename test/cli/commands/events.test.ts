import { describe, expect, it } from 'vitest';
import { RuntError } from '../../../src/base/errors.ts';
import { cli } from '../../support/run-cli.ts';

describe('events', () => {
  it.each<readonly [readonly string[], object]>([
    [[], { interval: 5000, once: false }],
    [['--stats'], { interval: 5000, once: true }],
    [['--interval', '1m30s'], { interval: 90_000, once: false }],
    [['-stats', '--interval=100ms'], { interval: 100, once: true }],
    [['--interval', '0s'], { interval: 0, once: false }],
  ])('takes %j', async (words, rest) => {
    const { calls, status } = await cli(['events', ...words, 'c1']);
    expect(calls).toEqual([{ method: 'events', argument: { id: 'c1', ...rest } }]);
    expect(status).toBe(0);
  });

  it.each([
    [['--interval', '5', 'c1'], 'invalid value "5" for --interval: want a length of time'],
    [['--interval', '-1s', 'c1'], 'invalid value "-1s" for --interval'],
    [[], '/usr/local/bin/runt: "events" requires exactly 1 argument(s)'],
    [['a', 'b'], '/usr/local/bin/runt: "events" requires exactly 1 argument(s)'],
  ])('refuses %j', async (words, text) => {
    const { message, status, calls } = await cli(['events', ...words]);
    expect(message).toContain(text);
    expect({ status, calls }).toEqual({ status: 1, calls: [] });
  });

  it('prints each event when it comes, and fails with what comes after', async () => {
    const { stdout } = await cli(['events', 'c1'], {
      events: [
        { type: 'oom', id: 'c1' },
        { type: 'oom', id: 'c1' },
      ],
    });
    expect(stdout).toBe('{"type":"oom","id":"c1"}\n{"type":"oom","id":"c1"}\n');
    const failed = await cli(['events', 'c1'], {
      events: new RuntError('container-not-running', { id: 'c1' }),
    });
    expect(failed).toMatchObject({ status: 1, message: 'container not running' });
  });
});
