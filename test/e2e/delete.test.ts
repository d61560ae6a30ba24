/** `delete`: everything that a container left, and nothing else. */
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { setArgs, sh } from '../support/bundle-builder.ts';
import { cgroupsOf } from '../support/leftovers.ts';
import { runtimes } from '../support/runtimes.ts';
import { useStage } from '../support/stage.ts';

describe.each(runtimes)('delete by $name', (runtime) => {
  const stage = useStage(runtime);

  it('wants exactly one id', async () => {
    expect(await stage.call(['delete'])).toMatchObject({
      status: 1,
      message: expect.stringMatching(/runt: "delete" requires exactly 1 argument\(s\)$/),
    });
  });

  it('fails for an id that nobody has, but not by force', async () => {
    const id = stage.id();
    expect(await stage.call(['delete', id])).toMatchObject({
      status: 1,
      message: 'container does not exist',
    });
    for (const flag of ['-f', '--force']) {
      const { stdout, stderr } = await stage.ok(['delete', flag, id]);
      expect({ stdout, stderr }).toEqual({ stdout: '', stderr: '' });
    }
  });

  it('takes a stopped one and a created one', async () => {
    const { id } = await stage.detached(setArgs('true'));
    await expect.poll(() => stage.state(id)).toMatchObject({ status: 'stopped' });
    await stage.ok(['delete', id]);
    expect((await stage.call(['state', id])).status).toBe(1);
    const other = stage.id();
    await stage.ok(['create', '-b', stage.bundle(), other]);
    await stage.ok(['delete', other]);
  });

  it('takes a running one only by force', async () => {
    const { id } = await stage.detached(setArgs('sleep', '60'));
    expect(await stage.call(['delete', id])).toMatchObject({
      status: 1,
      message: `cannot delete container ${id} that is not stopped: running`,
    });
    expect(await stage.state(id)).toMatchObject({ status: 'running' });
    await stage.ok(['delete', '--force', id]);
  });

  it('takes the cgroups that were made inside, too', async () => {
    const { id } = await stage.detached(setArgs('sleep', '60'));
    const [first = ''] = cgroupsOf(id);
    mkdirSync(join(first, 'inner'));
    mkdirSync(join(first, 'inner/deeper'));
    await stage.ok(['delete', '-f', id]);
    expect(cgroupsOf(id)).toEqual([]);
  });

  it('takes a frozen one by force', async () => {
    const { id } = await stage.detached(sh('while :; do sleep 0.01; done'));
    const freezer = cgroupsOf(id).find((path) => path.includes('/freezer/'));
    if (freezer !== undefined) {
      writeFileSync(join(freezer, 'freezer.state'), 'FROZEN');
      expect(await stage.state(id)).toMatchObject({ status: 'paused' });
    }
    await stage.ok(['delete', '-f', id]);
  });

  it('takes a folder that has no record, or a damaged one, by force', async () => {
    const empty = stage.id();
    mkdirSync(join(stage.root, empty), { recursive: true });
    await stage.ok(['delete', '--force', empty]);
    const damaged = stage.id();
    mkdirSync(join(stage.root, damaged));
    writeFileSync(join(stage.root, damaged, 'state.json'), '{"version":1');
    expect(await stage.call(['delete', damaged])).toMatchObject({ status: 1 });
    const { message } = await stage.ok(['delete', '--force', damaged]);
    expect(message).toContain('is damaged');
  });

  it('ends by force what a damaged record still names, of which list tells', async () => {
    const { id } = await stage.detached(setArgs('sleep', '60'));
    const file = join(stage.root, id, 'state.json');
    const record = readFileSync(file, 'utf8');
    const { pid } = await stage.state(id);
    writeFileSync(file, record.split('\n')[0] ?? '');
    expect((await stage.ok(['list'])).stdout).toContain(`${id} `);
    expect(await stage.call(['kill', id, 'KILL'])).toMatchObject({ status: 1 });
    await stage.ok(['delete', '--force', id]);
    // nobody may reap it here: a zombie has no program any more
    expect(existsSync(`/proc/${String(pid)}/exe`)).toBe(false);
    expect(existsSync(join(stage.root, id))).toBe(false);
    for (const cgroup of cgroupsOf(id)) rmdirSync(cgroup);
  });

  it('is not led out of the root by an id', async () => {
    const outside = join(stage.folder, 'outside');
    mkdirSync(outside);
    mkdirSync(stage.root);
    for (const id of ['../outside', '..', '.']) {
      const { status, message } = await stage.call(['delete', '--force', id]);
      expect({ status, message }).toEqual({ status: 1, message: 'invalid container ID format' });
    }
    mkdirSync(join(outside, 'still-here'));
  });
});
