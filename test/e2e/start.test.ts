/** `start`: the user's program, in a container that waits. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { setArgs, sh } from '../support/bundle-builder.ts';
import { runtimes } from '../support/runtimes.ts';
import { until, useStage } from '../support/stage.ts';

describe.each(runtimes)('start by $name', (runtime) => {
  const stage = useStage(runtime);

  it('wants exactly one id', async () => {
    expect(await stage.call(['start'])).toMatchObject({
      status: 1,
      message: expect.stringMatching(/runt: "start" requires exactly 1 argument\(s\)$/),
    });
  });

  it('fails for an id that nobody has', async () => {
    const { status, message } = await stage.call(['start', stage.id()]);
    expect({ status, message }).toEqual({ status: 1, message: 'container does not exist' });
  });

  it('runs the process, whose output is where create had it', async () => {
    const id = stage.id();
    const { stdoutFile } = await stage.ok(['create', '-b', stage.bundle(sh('echo $$')), id]);
    const { stdout, stderr } = await stage.ok(['start', id]);
    expect({ stdout, stderr }).toEqual({ stdout: '', stderr: '' });
    await until(() => readFileSync(stdoutFile, 'utf8') === '1\n', 'the output');
    await stage.ok(['delete', id], {}).catch(() => stage.remove(id));
  });

  it('fails for a running one and for a stopped one', async () => {
    const { id } = await stage.detached(setArgs('sleep', '60'));
    expect(await stage.call(['start', id])).toMatchObject({
      status: 1,
      message: 'cannot start an already running container',
    });
    expect(await stage.state(id)).toMatchObject({ status: 'running' });
    await stage.ok(['kill', id, 'KILL']);
    await expect.poll(() => stage.state(id)).toMatchObject({ status: 'stopped' });
    expect(await stage.call(['start', id])).toMatchObject({
      status: 1,
      message: 'cannot start a container that has stopped',
    });
    await stage.remove(id);
  });

  it('succeeds once when two come at the same time', async () => {
    const id = stage.id();
    await stage.ok(['create', '-b', stage.bundle(setArgs('sleep', '60')), id]);
    const ends = await Promise.all([stage.call(['start', id]), stage.call(['start', id])]);
    expect(ends.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([0, 1]);
    await stage.remove(id);
  });

  it('says what became of a program that was taken away after create', async () => {
    const id = stage.id();
    const bundle = stage.bundle(sh('exec /tmp/gone'), (config) => {
      config.root.readonly = false;
    });
    await stage.ok(['create', '-b', bundle, id]);
    const { unlinkSync } = await import('node:fs');
    unlinkSync(`${bundle}/rootfs/bin/busybox`);
    const { status, message } = await stage.call(['start', id]);
    expect(status).toBe(1);
    expect(message).toBe('exec sh: no such file or directory');
    await stage.remove(id);
  });
});
