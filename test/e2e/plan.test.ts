/** `plan`: what would be done, without doing it. */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { setArgs } from '../support/bundle-builder.ts';
import { runtimes } from '../support/runtimes.ts';
import { useStage } from '../support/stage.ts';

describe.each(runtimes)('plan by $name', (runtime) => {
  const stage = useStage(runtime);

  it('takes at most one bundle, and two formats', async () => {
    expect(await stage.call(['plan', 'a', 'b'])).toMatchObject({
      status: 1,
      message: expect.stringMatching(/runt: "plan" requires a maximum of 1 argument\(s\)$/),
    });
    expect(await stage.call(['plan', '--format', 'yaml'])).toMatchObject({ status: 1 });
    expect(await stage.call(['plan', '/nowhere'])).toMatchObject({
      status: 1,
      message: 'bundle /nowhere: no such file or directory',
    });
  });

  it('prints every operation as text, with the place in the config', async () => {
    const bundle = stage.bundle(setArgs('true'));
    const { stdout } = await stage.ok(['plan', bundle]);
    expect(stdout).toMatch(/newMount\(type="proc".*# mounts\[0\]/);
    expect(stdout).toMatch(/pivotRoot\(/);
    expect(stdout).toMatch(/exec\(argv=\["true"\]/);
    expect((await stage.ok(['plan'], { cwd: bundle })).stdout).toBe(stdout);
    expect(readdirSync(`${bundle}/rootfs/dev`)).toEqual([]);
  });

  it('prints the same as JSON', async () => {
    const { stdout } = await stage.ok(['plan', '--format', 'json', stage.bundle(setArgs('true'))]);
    expect(stdout).toContain('"pivotRoot"');
    expect(() => JSON.parse(stdout) as unknown).not.toThrow();
  });
});
