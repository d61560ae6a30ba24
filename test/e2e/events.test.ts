/** `events`: what a container uses, as lines of JSON. That memory ran out is in limits.test.ts. */
import { describe, expect, it } from 'vitest';
import { setArgs } from '../support/bundle-builder.ts';
import { inCgroup, limited } from '../support/control-files.ts';
import { runtimes } from '../support/runtimes.ts';
import { until, useStage } from '../support/stage.ts';

const mega = 2 ** 20;
const sleeps = setArgs('sleep', '60');

interface Statistics {
  readonly type: string;
  readonly id: string;
  readonly data: {
    readonly memory: { readonly usage: { readonly usage: number; readonly limit: number } };
    readonly pids: { readonly current: number; readonly limit: number };
    readonly cpu: { readonly usage: { readonly total: number } };
  };
}

const linesOf = (text: string): string[] => text.split('\n').slice(0, -1);

describe.each(runtimes)('events by $name', (runtime) => {
  const stage = useStage(runtime);

  it('wants one id, and an interval that is a length of time above nothing', async () => {
    expect(await stage.call(['events'])).toMatchObject({
      status: 1,
      message: expect.stringMatching(/runt: "events" requires exactly 1 argument\(s\)$/),
    });
    const { id } = await stage.detached(sleeps);
    expect(await stage.call(['events', '--interval', '0s', id])).toMatchObject({
      status: 1,
      stdout: '',
      message: 'duration interval must be greater than 0',
    });
    expect(await stage.call(['events', '--interval', '5', id])).toMatchObject({
      status: 1,
      stdout: '',
      message: 'invalid value "5" for --interval: want a length of time, such as 5s or 100ms',
    });
    await stage.remove(id);
  });

  it('--stats tells once what is used, and ends', async () => {
    const { id } = await stage.detached(
      sleeps,
      inCgroup(`/${stage.name}`),
      limited({ memory: { limit: 64 * mega }, pids: { limit: 20 } }),
    );
    const { stdout } = await stage.ok(['events', '--stats', id]);
    expect(stdout.startsWith(`{"type":"stats","id":"${id}",`)).toBe(true);
    expect(linesOf(stdout)).toHaveLength(1);
    const { data } = JSON.parse(stdout) as Statistics;
    expect(data.pids).toEqual({ current: 1, limit: 20 });
    expect(data.memory.usage.limit).toBe(64 * mega);
    expect(data.memory.usage.usage).toBeGreaterThan(0);
    expect(data.cpu.usage.total).toBeGreaterThan(0);
    await stage.remove(id);
  });

  it('tells at intervals, and ends by itself with the container', async () => {
    const { id } = await stage.detached(sleeps);
    const told = stage.begin(['events', '--interval', '100ms', id]);
    await until(() => linesOf(told.printed()).length >= 3, 'three lines');
    await stage.remove(id);
    const { status, stdout, stderr } = await told.ended;
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    for (const line of linesOf(stdout)) {
      expect(line.startsWith(`{"type":"stats","id":"${id}",`)).toBe(true);
      expect(JSON.parse(line)).toMatchObject({ data: { pids: { current: 1 } } });
    }
  });

  it('ends with a container that stops and stays', async () => {
    const { id } = await stage.detached(sleeps);
    const told = stage.begin(['events', '--interval', '100ms', id]);
    await until(() => told.printed() !== '', 'a line');
    await stage.ok(['kill', id, 'KILL']);
    expect(await told.ended).toMatchObject({ status: 0, stderr: '' });
    await stage.remove(id);
  });

  it('tells of a container that is paused', async () => {
    const { id } = await stage.detached(sleeps);
    await stage.ok(['pause', id]);
    const { stdout } = await stage.ok(['events', '--stats', id]);
    expect(JSON.parse(stdout)).toMatchObject({ type: 'stats', id });
    await stage.remove(id);
  });

  it('is for a container that runs', async () => {
    expect(await stage.call(['events', stage.id()])).toMatchObject({
      status: 1,
      message: 'container does not exist',
    });
    const { id } = await stage.detached(setArgs('true'));
    await until(async () => (await stage.state(id))['status'] === 'stopped', 'the end');
    for (const words of [[], ['--stats']])
      expect(await stage.call(['events', ...words, id])).toMatchObject({
        status: 1,
        stdout: '',
        message: `container with id ${id} is not running`,
      });
    await stage.remove(id);
  });
});
