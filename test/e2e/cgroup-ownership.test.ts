/** config-linux.md#cgroup-ownership, on a cgroup2 mount of the case's own. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { type Change, namespace, sh } from '../support/bundle-builder.ts';
import { runtimes } from '../support/runtimes.ts';
import { useStage } from '../support/stage.ts';

const onV2 = [
  'unshare',
  '-m',
  'sh',
  '-c',
  'mount -t cgroup2 none /sys/fs/cgroup && exec "$@"',
  'sh',
];

const userNamespace: Change = (config) => {
  namespace('user')(config);
  config.linux.uidMappings = [{ containerID: 0, hostID: 100_000, size: 65_536 }];
  config.linux.gidMappings = [{ containerID: 0, hostID: 100_000, size: 65_536 }];
};

const cgroupMount =
  (access: 'ro' | 'rw'): Change =>
  (config) => {
    config.mounts = config.mounts.map((mount) =>
      mount.type === 'cgroup'
        ? { ...mount, options: ['nosuid', 'noexec', 'nodev', access] }
        : mount,
    );
  };

const owners = sh(
  'cd /sys/fs/cgroup; stat -c %u . cgroup.procs cgroup.subtree_control cgroup.max.depth',
);

describe.each(runtimes)('cgroup ownership with $name', (runtime) => {
  const stage = useStage(runtime);

  async function run(...changes: Change[]): Promise<string[]> {
    const bundle = stage.bundle(...changes);
    execFileSync('chmod', ['-R', 'a+rX', stage.folder]);
    const { stdout, stderr } = await stage.call(['run', '-b', bundle, stage.id()], {
      through: onV2,
    });
    expect(stderr).toBe('');
    return stdout.split('\n').slice(0, -1);
  }

  it("goes to the container's user, of the folder and the files that are safe", async () => {
    const changes = [namespace('cgroup'), userNamespace, cgroupMount('rw')];
    expect(await run(...changes, owners)).toEqual(['0', '0', '0', '65534']);
    const made = sh(
      'mkdir /sys/fs/cgroup/below && echo $$ > /sys/fs/cgroup/below/cgroup.procs && echo moved',
    );
    expect(await run(...changes, made)).toEqual(['moved']);
  });

  it('stays with a read-only mount', async () => {
    expect(await run(namespace('cgroup'), userNamespace, cgroupMount('ro'), owners)).toEqual(
      Array.from({ length: 4 }, () => '65534'),
    );
  });
});
