/** On a host whose one hierarchy is cgroup v2: made of this one in a mount namespace of the test's own. */
import { describe, expect, it } from 'vitest';
import { addMount, type Change, namespace, setArgs, sh } from '../support/bundle-builder.ts';
import { probe } from '../support/probe.ts';
import { runtimes } from '../support/runtimes.ts';
import { useStage } from '../support/stage.ts';

const script = `mount --make-rprivate / && mount -t cgroup2 cgroup2 /sys/fs/cgroup && "$@"; status=$?
  find /sys/fs/cgroup -type d -name "*$STAGE*" >&2; exit $status`;
const through = ['unshare', '-m', 'sh', '-c', script, 'sh'];

const devices = (access: string): Change => {
  return (config) => {
    config.linux.devices = [
      { path: '/dev/mine', type: 'c', major: 1, minor: 11, fileMode: 0o666 },
      { path: '/dev/other', type: 'c', major: 1, minor: 5, fileMode: 0o666 },
    ];
    config.linux.resources = {
      devices: [
        { allow: false, access: 'rwm' },
        { allow: true, type: 'c', major: 1, minor: 5, access },
      ],
    };
  };
};

describe.each(runtimes)('on cgroup v2 $name', (runtime) => {
  const stage = useStage(runtime);

  const run = (...changes: Change[]) =>
    stage.call(['run', '-b', stage.bundle(...changes), stage.id()], {
      through,
      env: { STAGE: stage.name },
    });

  it('fails for an id that nobody has', async () => {
    expect(await stage.call(['state', stage.id()], { through })).toMatchObject({ status: 1 });
  });

  it('puts the container into one cgroup, relative or not, and removes it', async () => {
    for (const cgroupsPath of [undefined, `/${stage.name}`, `${stage.name}-relative`]) {
      const ended = await run(setArgs('cat', '/proc/self/cgroup'), (config) => {
        if (cgroupsPath !== undefined) config.linux.cgroupsPath = cgroupsPath;
      });
      expect(ended).toMatchObject({ status: 0, stderr: '' });
      const last = ended.stdout.trim().split('\n').at(-1) ?? '';
      expect(last).toMatch(/^0::\//);
      expect(last).toContain(cgroupsPath?.replace(/^\//, '') ?? stage.name);
    }
  });

  it('shows the container its own cgroup in a namespace of its own', async () => {
    const ended = await run(
      sh('tail -n 1 /proc/self/cgroup; cat /sys/fs/cgroup/cgroup.procs; touch /sys/fs/cgroup/x'),
      namespace('cgroup'),
    );
    expect(ended.stdout).toMatch(/^0::\/\n1\n\d+\n$/);
    expect(ended.stderr).toContain('Read-only file system');
  });

  it('denies a device, and allows another', async () => {
    const tools = addMount({
      destination: '/tmp/probe',
      type: 'bind',
      source: probe(),
      options: ['bind', 'ro'],
    });
    const ended = await run(
      sh('for d in mine other null; do /tmp/probe open /dev/$d; done'),
      tools,
      devices('rw'),
      (config) => {
        config.root.readonly = false;
      },
    );
    expect(ended).toMatchObject({ status: 0, stdout: 'Operation not permitted\nopened\nopened\n' });
  });
});
