/**
 * A mount of the container as the source of another with mapped owners, in a user namespace: nobody in there may map
 * owners, and outside the source does not exist.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  addMount,
  type Change,
  makeConfig,
  namespace,
  sh,
  writeConfig,
} from '../support/bundle-builder.ts';
import { runtimes } from '../support/runtimes.ts';
import { type Ended, useStage } from '../support/stage.ts';

const userNamespace: Change = (config) => {
  namespace('user')(config);
  config.linux.uidMappings = [{ containerID: 0, hostID: 100_000, size: 65_536 }];
  config.linux.gidMappings = [{ containerID: 0, hostID: 100_000, size: 65_536 }];
};

describe.each(runtimes)('mapped owners by $name', (runtime) => {
  const stage = useStage(runtime);

  /** A file of the host's root is bound to /own, and /own to /mapped and /own/part to /again. */
  function run(source: string, script: string, mapping: object = {}): Promise<Ended> {
    const files = join(stage.folder, 'files');
    mkdirSync(join(files, 'part'), { recursive: true });
    writeFileSync(join(files, 'file'), '');
    writeFileSync(join(files, 'part/file'), '');
    const bundle = stage.bundle();
    const rootfs = join(bundle, 'rootfs');
    for (const name of ['own', 'mapped', 'again']) mkdirSync(join(rootfs, name));
    const bind = { type: 'bind', options: ['rbind', 'idmap'], ...mapping };
    const mounts = addMount(
      { destination: '/own', type: 'bind', source: files, options: ['rbind'] },
      { destination: '/mapped', source: join(rootfs, source), ...bind },
      { destination: '/again', source: join(rootfs, source, 'part'), ...bind },
    );
    writeConfig(bundle, makeConfig(userNamespace, sh(script), mounts));
    execFileSync('chmod', ['-R', 'a+rX', stage.folder]);
    return stage.call(['run', '-b', bundle, stage.id()]);
  }

  const owners = 'stat -c %u /own/file /mapped/file /again/file';

  it("are the container's where nothing else is said, once for each mount", async () => {
    const { stdout, stderr, status } = await run('own', owners);
    expect({ stdout, stderr, status }).toEqual({ stdout: '65534\n0\n0\n', stderr: '', status: 0 });
  });

  it('are those of the mount where it has its own', async () => {
    const map = [{ containerID: 0, hostID: 100_007, size: 1 }];
    const { stdout, stderr } = await run('own', owners, { uidMappings: map, gidMappings: map });
    expect({ stdout, stderr }).toEqual({ stdout: '65534\n7\n7\n', stderr: '' });
  });

  it('are refused by the name of the mount where the file system has none', async () => {
    const { message, status } = await run('proc', 'true');
    expect(status).toBe(1);
    expect(message).toContain(
      'error mounting mounts[8]: cannot map the owners in the mount: invalid argument (EINVAL): ' +
        "the source's file system may not support idmapped mounts on this kernel",
    );
  });
});
