/** `state`: the specification's JSON, in runc's order of keys. */
import { describe, expect, it } from 'vitest';
import { setArgs } from '../support/bundle-builder.ts';
import { runtimes } from '../support/runtimes.ts';
import { useStage } from '../support/stage.ts';

describe.each(runtimes)('state by $name', (runtime) => {
  const stage = useStage(runtime);

  it('wants exactly one id', async () => {
    for (const words of [['state'], ['state', 'a', 'b']]) {
      const { status, message, stdout } = await stage.call(words);
      expect(status).toBe(1);
      expect(message).toMatch(/runt: "state" requires exactly 1 argument\(s\)$/);
      expect(stdout).toMatch(/^Incorrect Usage\./);
    }
  });

  it('fails for an id that nobody has', async () => {
    const { status, message } = await stage.call(['state', stage.id()]);
    expect({ status, message }).toEqual({ status: 1, message: 'container does not exist' });
  });

  it('tells created, running and stopped', async () => {
    const id = stage.id();
    const bundle = stage.bundle(setArgs('sleep', '60'), (config) => {
      config.annotations = { 'org.example.key': 'value' };
    });
    await stage.ok(['create', '-b', bundle, id]);
    const created = await stage.state(id);
    expect(Object.keys(created)).toEqual([
      'ociVersion',
      'id',
      'pid',
      'status',
      'bundle',
      'rootfs',
      'created',
      'annotations',
      'owner',
    ]);
    expect(created).toMatchObject({
      id,
      status: 'created',
      bundle,
      rootfs: `${bundle}/rootfs`,
      annotations: { 'org.example.key': 'value' },
      owner: '',
    });
    expect(created['pid']).toBeGreaterThan(1);
    await stage.ok(['start', id]);
    expect(await stage.state(id)).toMatchObject({ status: 'running', pid: created['pid'] });
    await stage.ok(['kill', id, 'KILL']);
    await expect.poll(() => stage.state(id)).toMatchObject({ status: 'stopped', pid: 0 });
    await stage.ok(['delete', id]);
  });

  it('ends without a newline', async () => {
    const { id } = await stage.detached(setArgs('sleep', '60'));
    const { stdout } = await stage.ok(['state', id]);
    expect(stdout).toMatch(/^\{\n {2}"ociVersion": "1\.3\.0",\n[^]*\}$/);
    await stage.remove(id);
  });
});
