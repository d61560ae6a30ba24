import { describe, expect, it } from 'vitest';
import { cli } from '../../support/run-cli.ts';

async function request(words: readonly string[]) {
  const run = await cli(['update', ...words]);
  expect(run).toMatchObject({ status: 0, stdout: '', stderr: '' });
  expect(run.calls).toHaveLength(1);
  return run.calls[0]?.argument;
}

const given = (resources: object) => ({ id: 'c1', limits: { kind: 'given', resources }, rdt: {} });

describe('update', () => {
  it.each<readonly [readonly string[], object]>([
    [[], {}],
    [['--blkio-weight', '500'], { blockIO: { weight: 500 } }],
    [['--cpu-period', '20000'], { cpu: { period: 20_000 } }],
    [['--cpu-quota', '-1'], { cpu: { quota: -1 } }],
    [['--cpu-quota=5000'], { cpu: { quota: 5000 } }],
    [['--cpu-burst', '0'], { cpu: { burst: 0 } }],
    [['--cpu-share', '512'], { cpu: { shares: 512 } }],
    [['--cpu-rt-period', '1000000'], { cpu: { realtimePeriod: 1_000_000 } }],
    [['--cpu-rt-runtime', '0'], { cpu: { realtimeRuntime: 0 } }],
    [['--cpuset-cpus', '0-1'], { cpu: { cpus: '0-1' } }],
    [['--cpuset-mems', '0'], { cpu: { mems: '0' } }],
    [['--cpu-idle', '1'], { cpu: { idle: 1 } }],
    [['--memory', '512m'], { memory: { limit: 536_870_912 } }],
    [['--memory', '-1'], { memory: { limit: -1 } }],
    [['--memory-reservation', '1k'], { memory: { reservation: 1024 } }],
    [['--memory-swap', '1g'], { memory: { swap: 2 ** 30 } }],
    [['--pids-limit', '-1'], { pids: { limit: -1 } }],
    [['--pids-limit', '0'], { pids: { limit: 0 } }],
    // an empty word says nothing
    [['--memory', '', '--cpuset-cpus='], {}],
    [
      ['--memory=1', '--memory-swap=2', '--cpu-share=3', '--pids-limit=4'],
      { memory: { limit: 1, swap: 2 }, cpu: { shares: 3 }, pids: { limit: 4 } },
    ],
  ])('takes %j', async (words, resources) => {
    expect(await request([...words, 'c1'])).toEqual(given(resources));
    expect(await request(['c1', ...words])).toEqual(given(resources));
  });

  it('tells of what only older kernels limited', async () => {
    expect(await request(['--kernel-memory', '1m', '--kernel-memory-tcp', 'x', 'c1'])).toEqual({
      ...given({}),
      ignored: ['--kernel-memory', '--kernel-memory-tcp'],
    });
  });

  it.each([['-r'], ['--resources'], ['-resources']])('takes a file, by %s', async (word) => {
    const asked = { id: 'c1', rdt: {} };
    expect(await request([word, '-', 'c1'])).toEqual({
      ...asked,
      limits: { kind: 'file', path: '-' },
    });
    // and then no other limit
    expect(await request([word, '/f', '--memory', '5', '--l3-cache-schema', 'x', 'c1'])).toEqual({
      ...asked,
      limits: { kind: 'file', path: '/f' },
    });
  });

  it('takes a file from the working folder', async () => {
    expect(await request(['-r', 'f.json', 'c1'])).toMatchObject({ limits: { path: 'f.json' } });
  });

  it('takes lines for resctrl', async () => {
    const words = ['--l3-cache-schema', 'L3:0=f', '--mem-bw-schema', 'MB:0=10', 'c1'];
    expect(await request(words)).toEqual({
      ...given({}),
      rdt: { l3CacheSchema: 'L3:0=f', memBwSchema: 'MB:0=10' },
    });
  });

  it.each([
    [['--memory', '1x'], 'invalid value "1x" for --memory: want bytes'],
    [['--memory-swap', '-2'], 'invalid value "-2" for --memory-swap'],
    [['--cpu-quota', '1.5'], 'invalid value "1.5" for --cpu-quota: want a whole number'],
    [['--pids-limit', '99999999999999999999'], 'for --pids-limit'],
    [['--blkio-weight', 'high'], 'invalid value "high" for --blkio-weight'],
    [['--nosuch', '1'], 'flag provided but not defined: -nosuch'],
  ])('refuses %j', async (words, text) => {
    const { message, status, calls } = await cli(['update', ...words, 'c1']);
    expect(message).toContain(text);
    expect({ status, calls }).toEqual({ status: 1, calls: [] });
  });

  it.each([[[]], [['a', 'b']]])('refuses the arguments %j', async (words) => {
    const { message, status } = await cli(['update', ...words]);
    expect({ message, status }).toEqual({
      message: '/usr/local/bin/runt: "update" requires exactly 1 argument(s)',
      status: 1,
    });
  });
});
