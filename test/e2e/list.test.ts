/** `list`: the containers below the root. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { setArgs } from '../support/bundle-builder.ts';
import { runtimes } from '../support/runtimes.ts';
import { useStage } from '../support/stage.ts';

describe.each(runtimes)('list by $name', (runtime) => {
  const stage = useStage(runtime);

  it('takes no other format', async () => {
    const { status, message } = await stage.call(['list', '--format', 'xml']);
    expect(status).toBe(1);
    expect(message).toContain('invalid format option');
  });

  it('fails when the root that was named is not there', async () => {
    const { status, message } = await stage.call(['list']);
    expect(status).toBe(1);
    expect(message).toContain(stage.root);
  });

  it('prints a table, JSON or ids', async () => {
    const running = await stage.detached(setArgs('sleep', '60'), (config) => {
      config.annotations = { a: '/b' };
    });
    const created = stage.id();
    await stage.ok(['create', '-b', stage.bundle(), created]);
    const ids = [running.id, created].toSorted();

    const table = await stage.ok(['list']);
    expect(table.stdout).toMatch(/^ID +PID +STATUS +BUNDLE +CREATED +OWNER\n/);
    expect(table.stdout).toMatch(
      new RegExp(`^${running.id} +\\d+ +running +/\\S+ +\\S+Z +root$`, 'm'),
    );
    expect(table.stdout).toMatch(
      new RegExp(`^${created} +\\d+ +created +/\\S+ +\\S+Z +root$`, 'm'),
    );

    const json = await stage.ok(['list', '-f', 'json']);
    expect(json.stdout).toMatch(/^\[\{"ociVersion":"1\.3\.0","id":"[^"]*","pid":\d+,"status":"/);
    expect(json.stdout).toContain('"annotations":{"a":"/b"}');
    expect(json.stdout.split('\n')).toHaveLength(2);
    const all = JSON.parse(json.stdout) as { id: string; owner: string }[];
    expect(all.map(({ id, owner }) => ({ id, owner }))).toEqual(
      ids.map((id) => ({ id, owner: 'root' })),
    );

    expect((await stage.ok(['list', '-q'])).stdout).toBe(`${ids.join('\n')}\n`);
    await stage.remove(...ids);
    expect((await stage.ok(['list', '--format=json'])).stdout).toBe('null\n');
    expect((await stage.ok(['list', '--quiet'])).stdout).toBe('');
  });

  it('shows the others beside one that cannot be read, of which the log tells', async () => {
    const { id } = await stage.detached(setArgs('sleep', '60'));
    const damaged = stage.id();
    mkdirSync(join(stage.root, damaged));
    writeFileSync(join(stage.root, damaged, 'state.json'), '{');
    const { stdout, stderr } = await stage.ok(['list']);
    expect(stdout.split('\n').map((line) => line.split(' ')[0])).toEqual(['ID', id, '']);
    const record = join(stage.root, damaged, 'state.json');
    expect(stderr).toContain(
      `container ${damaged} is left out: the container's record ${record} is damaged`,
    );
    await stage.ok(['delete', '--force', damaged]);
    await stage.remove(id);
  });
});
