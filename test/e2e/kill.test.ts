/** `kill`: a signal for the container's init. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { setArgs, sh, without } from '../support/bundle-builder.ts';
import { processesOf } from '../support/leftovers.ts';
import { runtimes } from '../support/runtimes.ts';
import { until, useStage } from '../support/stage.ts';

/** Says which signal it got, and goes on. */
const listens = sh(
  'for s in HUP INT TERM USR1; do trap "echo $s" $s; done; trap "echo 36" 36; echo ready; while :; do sleep 0.05; done',
);

describe.each(runtimes)('kill by $name', (runtime) => {
  const stage = useStage(runtime);

  it('wants an id and at most one signal that exists', async () => {
    expect(await stage.call(['kill'])).toMatchObject({
      status: 1,
      message: expect.stringMatching(/runt: "kill" requires a minimum of 1 argument\(s\)$/),
    });
    expect(await stage.call(['kill', 'a', '9', 'b'])).toMatchObject({
      status: 1,
      message: expect.stringMatching(/runt: "kill" requires a maximum of 2 argument\(s\)$/),
    });
    expect(await stage.call(['kill', 'a', 'SIGNONE'])).toMatchObject({
      status: 1,
      message: 'unknown signal "SIGNONE"',
    });
    expect(await stage.call(['kill', stage.id()])).toMatchObject({
      status: 1,
      message: 'container does not exist',
    });
  });

  it('takes numbers and names in any form, and TERM without one', async () => {
    const { id, ended } = await stage.detached(listens);
    const said = () => readFileSync(ended.stdoutFile, 'utf8');
    await until(() => said() === 'ready\n', 'the traps');
    let wanted = 'ready\n';
    for (const [words, name] of [
      [[], 'TERM'],
      [['1'], 'HUP'],
      [['SIGUSR1'], 'USR1'],
      [['int'], 'INT'],
      [['RTMIN+2'], '36'],
    ] as const) {
      await stage.ok(['kill', id, ...words]);
      wanted += `${name}\n`;
      await until(() => said() === wanted, name);
    }
    await stage.remove(id);
  });

  it('is not for a stopped container, but with --all', async () => {
    const { id } = await stage.detached(setArgs('true'));
    await expect.poll(() => stage.state(id)).toMatchObject({ status: 'stopped' });
    expect(await stage.call(['kill', id, 'TERM'])).toMatchObject({
      status: 1,
      message: 'container not running',
    });
    await stage.ok(['kill', '--all', id, 'KILL']);
    await stage.remove(id);
  });

  it('ends a created container', async () => {
    const id = stage.id();
    await stage.ok(['create', '-b', stage.bundle(setArgs('true')), id]);
    await stage.ok(['kill', id, 'KILL']);
    await expect.poll(() => stage.state(id)).toMatchObject({ status: 'stopped', pid: 0 });
    await stage.ok(['delete', id]);
  });

  it('TERM ends a created container, too', async () => {
    for (const signal of ['TERM', 'INT', 'HUP']) {
      const id = stage.id();
      await stage.ok(['create', '-b', stage.bundle(sh('sleep 60')), id]);
      await stage.ok(['kill', id, signal]);
      await until(async () => (await stage.state(id))['status'] === 'stopped', signal);
      await stage.remove(id);
    }
  });

  it('0 asks whether the container runs', async () => {
    const { id } = await stage.detached(sh('sleep 60'));
    await stage.ok(['kill', id, '0']);
    await stage.ok(['kill', id, 'KILL']);
    await until(async () => (await stage.state(id))['status'] === 'stopped');
    expect(await stage.call(['kill', id, '0'])).toMatchObject({
      status: 1,
      message: 'container not running',
    });
    await stage.remove(id);
  });

  it('KILL reaches every process where the pid namespace is the host’s', async () => {
    const { id } = await stage.detached(sh('sleep 60 & sleep 60 & wait'), without('pid'));
    await until(() => processesOf(stage.name).length >= 3, 'the processes');
    await stage.ok(['kill', id, 'KILL']);
    await until(() => processesOf(stage.name).length === 0, 'their end');
    await stage.remove(id);
  });

  it('leaves orphans of the host’s pid namespace to delete', async () => {
    const { id } = await stage.detached(sh('setsid sleep 60 & sleep 0.2'), without('pid'));
    await expect.poll(() => stage.state(id)).toMatchObject({ status: 'stopped' });
    expect(processesOf(stage.name).length).toBeGreaterThan(0);
    await stage.ok(['delete', id]);
  });
});
