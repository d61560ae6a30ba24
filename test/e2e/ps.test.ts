/** `ps`: the processes of a container, as the host's ps(1) shows them. */
import { describe, expect, it } from 'vitest';
import { setArgs, sh } from '../support/bundle-builder.ts';
import { processesOf } from '../support/leftovers.ts';
import { runtimes } from '../support/runtimes.ts';
import { until, useStage } from '../support/stage.ts';

/** An init and two more. */
const three = sh('sleep 61 & sleep 62 & wait');

const columns = (line: string | undefined): string[] => (line ?? '').trim().split(/\s+/);

const inOrder = (pids: readonly number[]): number[] => pids.toSorted((a, b) => a - b);

describe.each(runtimes)('ps by $name', (runtime) => {
  const stage = useStage(runtime);

  const started = async (): Promise<string> => {
    const { id } = await stage.detached(three);
    await until(() => processesOf(id).length >= 3, 'the processes');
    return id;
  };

  const table = async (...words: readonly string[]): Promise<string[]> => {
    const { stdout } = await stage.ok(['ps', ...words]);
    expect(stdout.endsWith('\n')).toBe(true);
    return stdout.split('\n').slice(0, -1);
  };

  it('wants an id, of a container that is there, and a format that it knows', async () => {
    expect(await stage.call(['ps'])).toMatchObject({
      status: 1,
      message: expect.stringMatching(/runt: "ps" requires a minimum of 1 argument\(s\)$/),
    });
    expect(await stage.call(['ps', stage.id()])).toMatchObject({
      status: 1,
      message: 'container does not exist',
    });
    expect(await stage.call(['ps', '--format', 'yaml', stage.id()])).toMatchObject({
      status: 1,
      message: 'invalid format option: yaml',
    });
  });

  it('shows the container’s processes below the header of ps, and no others', async () => {
    const id = await started();
    const [header, ...rows] = await table(id);
    expect(header).toMatch(/^UID +PID +PPID +C +STIME +TTY +TIME +CMD$/);
    expect(inOrder(rows.map((row) => Number(columns(row)[1])))).toEqual(inOrder(processesOf(id)));
    expect(rows.map((row) => columns(row).slice(7).join(' ')).toSorted()).toEqual([
      'sh -c sleep 61 & sleep 62 & wait',
      'sleep 61',
      'sleep 62',
    ]);
    await stage.remove(id);
  });

  it('passes options on to ps, which have to show the pids', async () => {
    const id = await started();
    const { pid } = await stage.state(id);
    const [header, ...rows] = await table(id, '-e', '-o', 'comm,pid');
    expect(columns(header)).toEqual(['COMMAND', 'PID']);
    expect(rows.map((row) => columns(row)[0] ?? '').toSorted()).toEqual(['sh', 'sleep', 'sleep']);
    expect(rows.map(columns)).toContainEqual(['sh', String(pid)]);
    expect(await table('--format', 'table', id, '-e', '-x')).toHaveLength(4);
    expect(await stage.call(['ps', id, '-e', '-o', 'comm'])).toMatchObject({
      status: 1,
      message: "couldn't find PID field in ps output",
    });
    const refused = await stage.call(['ps', id, '--no-such-option']);
    expect(refused.status).toBe(1);
    expect(refused.message).toMatch(/^ps: error: unknown gnu long option/);
    await stage.remove(id);
  });

  it('lists the pids as json', async () => {
    const id = await started();
    const { stdout } = await stage.ok(['ps', '-f', 'json', id]);
    const pids = JSON.parse(stdout) as number[];
    expect(inOrder(pids)).toEqual(inOrder(processesOf(id)));
    await stage.remove(id);
  });

  it('shows a container that waits for its start, and one that is paused', async () => {
    const id = stage.id();
    await stage.ok(['create', '-b', stage.bundle(setArgs('sleep', '60')), id]);
    const { pid } = await stage.state(id);
    expect((await stage.ok(['ps', '-f', 'json', id])).stdout).toBe(`[${String(pid)}]\n`);
    await stage.ok(['start', id]);
    await stage.ok(['pause', id]);
    expect((await stage.ok(['ps', '-f', 'json', id])).stdout).toBe(`[${String(pid)}]\n`);
    await stage.remove(id);
  });

  it('has nothing to show of a stopped one, which is no error', async () => {
    const { id } = await stage.detached(setArgs('true'));
    await until(async () => (await stage.state(id))['status'] === 'stopped', 'the end');
    expect(await table(id)).toEqual([expect.stringMatching(/^UID +PID /)]);
    expect((await stage.ok(['ps', '-f', 'json', id])).stdout).toBe('[]\n');
    await stage.remove(id);
  });
});
