/** linux.mountLabel on a host without SELinux, which is what the hosts of the tests are. */
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { executable } from '../support/runtimes.ts';
import { useStage } from '../support/stage.ts';

describe.skipIf(existsSync('/sys/fs/selinux/enforce'))('mountLabel without SELinux', () => {
  const stage = useStage(executable);

  it("is refused in runc's words, by run and by plan", async () => {
    const bundle = stage.bundle((config) => {
      config.linux.mountLabel = 'system_u:object_r:container_file_t:s0:c1,c2';
    });
    const text = 'selinux label is specified in config, but selinux is disabled or not supported';
    const ran = await stage.call(['run', '-b', bundle, stage.id()]);
    expect(ran).toMatchObject({ status: 1, message: `runt run failed: ${text}` });
    expect(await stage.call(['plan', bundle])).toMatchObject({ status: 1, message: text });
  });

  it('counts as none when it is empty', async () => {
    const { status } = await stage.run((config) => {
      config.linux.mountLabel = '';
      config.process.args = ['true'];
    });
    expect(status).toBe(0);
  });
});
