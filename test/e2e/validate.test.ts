/** `validate`: every fault of a bundle at once. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runtimes } from '../support/runtimes.ts';
import { useStage } from '../support/stage.ts';

describe.each(runtimes)('validate by $name', (runtime) => {
  const stage = useStage(runtime);

  it('takes at most one bundle, and two formats', async () => {
    expect(await stage.call(['validate', 'a', 'b'])).toMatchObject({
      status: 1,
      message: expect.stringMatching(/runt: "validate" requires a maximum of 1 argument\(s\)$/),
    });
    expect(await stage.call(['validate', '--format', 'yaml'])).toMatchObject({ status: 1 });
  });

  it('says that a bundle is valid', async () => {
    const bundle = stage.bundle();
    expect((await stage.ok(['validate', bundle])).stdout).toBe(`${bundle} is a valid bundle\n`);
    expect((await stage.ok(['validate', '--format', 'json'], { cwd: bundle })).stdout).toBe('[]\n');
  });

  it('names every fault, and answers 1', async () => {
    const bundle = stage.bundle((config) => {
      config.process.cwd = 'relative';
      config.process.args = [];
      config.process.env = ['novalue'];
    });
    rmSync(join(bundle, 'rootfs'), { recursive: true });
    const text = await stage.call(['validate', bundle]);
    expect(text.status).toBe(1);
    for (const pointer of ['/process/cwd', '/process/args', '/process/env/0', '/root/path'])
      expect(text.stdout).toContain(pointer);
    const json = await stage.call(['validate', '--format', 'json', bundle]);
    expect(json.status).toBe(1);
    const findings = JSON.parse(json.stdout) as { pointer: string; section: string }[];
    expect(findings.length).toBeGreaterThanOrEqual(4);
    for (const finding of findings) expect(finding.section).toMatch(/^config.*\.md/);
  });

  it('names line and column of a syntax error', async () => {
    const bundle = stage.bundle();
    writeFileSync(join(bundle, 'config.json'), '{\n  "ociVersion": "1.3.0",\n  oops\n}');
    const { status, message } = await stage.call(['validate', bundle]);
    expect(status).toBe(1);
    expect(message).toContain(`${bundle}/config.json:3:3: `);
  });
});
