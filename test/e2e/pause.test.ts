/** `pause` and `resume`: all processes of a container stop, and go on. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { setArgs, sh } from '../support/bundle-builder.ts';
import { runtimes } from '../support/runtimes.ts';
import { until, useStage } from '../support/stage.ts';

/** Writes without an end, so that one can see it stand still. */
const busy = sh('while :; do echo tick; sleep 0.01; done');

describe.each(runtimes)('pause by $name', (runtime) => {
  const stage = useStage(runtime);

  const isThrottled = async (id: string): Promise<boolean> =>
    (await stage.ok(['events', '--stats', id])).stdout.includes('"throttledPeriods":');

  it('wants one id, of a container that is there', async () => {
    for (const verb of ['pause', 'resume']) {
      expect(await stage.call([verb])).toMatchObject({
        status: 1,
        message: expect.stringMatching(`runt: "${verb}" requires exactly 1 argument`),
      });
      expect(await stage.call([verb, stage.id()])).toMatchObject({
        status: 1,
        message: 'container does not exist',
      });
    }
  });

  it('stops every process, and resume lets them go on', async () => {
    const { id, ended } = await stage.detached(busy);
    const said = () => readFileSync(ended.stdoutFile, 'utf8').length;
    await until(() => said() > 0, 'the first tick');
    await stage.ok(['pause', id]);
    expect(await stage.state(id)).toMatchObject({ status: 'paused' });
    const stood = said();
    // long enough for a tick, if there were any
    await stage.ok(['state', id]);
    expect(said()).toBe(stood);
    await stage.ok(['resume', id]);
    expect(await stage.state(id)).toMatchObject({ status: 'running' });
    await until(() => said() > stood, 'the next tick');
    await stage.remove(id);
  });

  it('waits for a process that its quota keeps from the processor for most of a second', async () => {
    const { id } = await stage.detached(sh('while :; do :; done'));
    await stage.ok(['update', id, '--cpu-period', '1000000', '--cpu-quota', '2000']);
    await until(() => isThrottled(id), 'the quota');
    await stage.ok(['pause', id]);
    expect(await stage.state(id)).toMatchObject({ status: 'paused' });
    await stage.ok(['resume', id]);
    await stage.remove(id);
  });

  it('is for a container that runs, and resume for one that is paused', async () => {
    const { id } = await stage.detached(setArgs('sleep', '60'));
    expect(await stage.call(['resume', id])).toMatchObject({
      status: 1,
      message: 'container not paused',
    });
    await stage.ok(['pause', id]);
    expect(await stage.call(['pause', id])).toMatchObject({
      status: 1,
      message: 'container not running',
    });
    await stage.ok(['resume', id]);
    expect(await stage.call(['resume', id])).toMatchObject({
      status: 1,
      message: 'container not paused',
    });
    await stage.ok(['kill', id, 'KILL']);
    await until(async () => (await stage.state(id))['status'] === 'stopped', 'the end');
    for (const [verb, message] of [
      ['pause', 'container not running'],
      ['resume', 'container not paused'],
    ] as const)
      expect(await stage.call([verb, id])).toMatchObject({ status: 1, message });
    await stage.remove(id);
  });

  it('keeps exec out, but one that is content to wait', async () => {
    const { id } = await stage.detached(setArgs('sleep', '60'));
    await stage.ok(['pause', id]);
    expect(await stage.call(['exec', id, 'true'])).toMatchObject({
      status: 255,
      message: 'exec failed: cannot exec in a paused container (use --ignore-paused to override)',
    });
    const waiting = stage.begin(['exec', '--ignore-paused', id, 'sh', '-c', 'echo late; exit 7']);
    const inside = async () =>
      JSON.parse((await stage.ok(['ps', '--format', 'json', id])).stdout) as number[];
    await until(async () => (await inside()).length === 2, 'its process');
    expect(waiting.printed()).toBe('');
    await stage.ok(['resume', id]);
    expect(await waiting.ended).toMatchObject({ status: 7, stdout: 'late\n', stderr: '' });
    await stage.remove(id);
  });

  it('does not keep kill KILL from ending the container', async () => {
    const { id } = await stage.detached(busy);
    await stage.ok(['pause', id]);
    await stage.ok(['kill', id, 'KILL']);
    await until(async () => (await stage.state(id))['status'] === 'stopped', 'the end');
    await stage.ok(['delete', id]);
  });

  it('holds a milder signal until resume', async () => {
    const { id, ended } = await stage.detached(
      sh('trap "echo heard; exit" TERM; echo ready; while :; do sleep 0.01; done'),
    );
    const said = () => readFileSync(ended.stdoutFile, 'utf8');
    await until(() => said() === 'ready\n', 'the trap');
    await stage.ok(['pause', id]);
    await stage.ok(['kill', id, 'TERM']);
    expect(await stage.state(id)).toMatchObject({ status: 'paused' });
    expect(said()).toBe('ready\n');
    await stage.ok(['resume', id]);
    await until(() => said() === 'ready\nheard\n', 'the signal');
    await until(async () => (await stage.state(id))['status'] === 'stopped', 'the end');
    await stage.ok(['delete', id]);
  });
});
