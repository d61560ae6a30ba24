/** `spec`: a config.json to begin with. */
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runc, runtimes } from '../support/runtimes.ts';
import { makeStage, useStage } from '../support/stage.ts';

describe.each(runtimes)('spec by $name', (runtime) => {
  const stage = useStage(runtime);

  it('takes no argument', async () => {
    const { status, message } = await stage.call(['spec', 'extra']);
    expect({ status, message }).toEqual({
      status: 1,
      message: expect.stringMatching(/runt: "spec" requires exactly 0 argument\(s\)$/),
    });
  });

  it('writes into the current folder, or the bundle', async () => {
    await stage.ok(['spec']);
    const file = join(stage.folder, 'config.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      process: { args: ['sh'], terminal: true, cwd: '/' },
      root: { path: 'rootfs', readonly: true },
    });
    expect(readFileSync(file, 'utf8')).toMatch(/^\{\n\t"ociVersion"[^]*\}$/);
    const bundle = stage.bundle();
    writeFileSync(join(stage.folder, 'elsewhere'), '');
    expect((await stage.call(['spec', '-b', bundle])).status).toBe(1);
    expect((await stage.call(['spec', '--bundle', join(stage.folder, 'absent')])).status).toBe(1);
  });

  it('never writes over one that is there', async () => {
    const file = join(stage.folder, 'config.json');
    writeFileSync(file, 'mine');
    const { status, message } = await stage.call(['spec']);
    expect({ status, message }).toEqual({
      status: 1,
      message: 'File config.json exists. Remove it first',
    });
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  it('obeys the umask', async () => {
    await stage.ok(['spec'], { through: ['sh', '-c', 'umask 027; exec "$@"', 'sh'] });
    expect(statSync(join(stage.folder, 'config.json')).mode & 0o777).toBe(0o640);
  });

  it('writes one for a user, which runs', async () => {
    const bundle = stage.bundle();
    const file = join(bundle, 'config.json');
    rmSync(file);
    await stage.ok(['spec', '--rootless', '-b', bundle]);
    const config = JSON.parse(readFileSync(file, 'utf8')) as { process: Record<string, unknown> };
    config.process['terminal'] = false;
    config.process['args'] = ['cat', '/proc/self/uid_map'];
    writeFileSync(file, JSON.stringify(config));
    const { stdout } = await stage.ok(['run', '-b', bundle, stage.id()]);
    expect(stdout.trim().split(/ +/)).toEqual(['0', '0', '1']);
  });

  it('writes what runc accepts and runs', async () => {
    const bundle = stage.bundle();
    const other = makeStage(runc);
    const { status, stdout } = await stage.call(['run', '-b', bundle, stage.id()]);
    const theirs = await other.call(['run', '-b', bundle, other.id()]);
    expect({ status, stdout }).toEqual({ status: 0, stdout: theirs.stdout });
  });
});
