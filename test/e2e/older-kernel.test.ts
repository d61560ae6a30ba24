/** Kernels and filters without the newer system calls: the container is the same as with them, or it is refused by name. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Mount } from '../../src/bundle/config.ts';
import { composeRuntime } from '../../src/compose.ts';
import { readCaller } from '../../src/kernel/caller.ts';
import { makeWatch } from '../../src/kernel/watch.ts';
import {
  addMount,
  type Change,
  namespace,
  setArgs,
  sh,
  without,
} from '../support/bundle-builder.ts';
import { asTheContainer } from '../support/exec-process.ts';
import { allNewerCalls, onOlderKernel } from '../support/older-kernel.ts';
import { classicKernel } from '../support/plans.ts';
import { executable } from '../support/runtimes.ts';
import { type Ended, type Stage, useStage } from '../support/stage.ts';

/** Everything that mounts decide, without what differs from one container to the next. */
const look = `cut -d' ' -f4- /proc/self/mountinfo | sort
  ls -lan / /dev /dev/pts | grep -v -e total -e ' proc$' | tr -s ' ' | cut -d' ' -f1,3-6,10-
  id; cut -d: -f2 /proc/self/cgroup; ls /proc/self/fd; cat /proc/self/oom_score_adj`;

/** Peer groups are numbered as they come, and the rest has the stage's and the container's name in it. */
const plain = ({ status, stdout, stderr }: Ended, stage: Stage) => ({
  status,
  stderr,
  stdout: stdout
    .replaceAll(/(shared|master|propagate_from):\d+/g, '$1')
    .replaceAll(new RegExp(`${stage.name}-\\d+`, 'g'), 'ID')
    .replaceAll(/bundle\d+/g, 'BUNDLE')
    .replaceAll(stage.name, 'STAGE'),
});

const user: Change = (config) => {
  namespace('user')(config);
  const map = [{ containerID: 0, hostID: 100_000, size: 65_536 }];
  config.linux.uidMappings = map;
  config.linux.gidMappings = map;
};

const rootPropagation =
  (type: string): Change =>
  (config) => {
    config.linux.rootfsPropagation = type;
  };

/** In a user namespace a source's access times are locked. */
function manyMounts(source: string, ...atime: readonly string[]): Change {
  const bind = (destination: string, ...options: string[]): Mount => ({
    destination,
    source,
    type: 'bind',
    options,
  });
  return addMount(
    bind('/b1', 'bind', 'rro', 'nosuid', 'nodev'),
    { destination: '/b2', source: join(source, 'file'), options: ['bind', 'noexec'] },
    bind('/b3', 'rbind', 'rslave', ...atime),
    bind('/b4', 'rbind', 'rprivate'),
    bind('/b5', 'bind', 'rshared', ...(atime.length > 0 ? ['strictatime'] : [])),
    { destination: '/t1', source: 'x', type: 'tmpfs', options: ['ro', 'size=1m', 'mode=0711'] },
    { destination: '/etc', source: 'x', type: 'tmpfs', options: ['tmpcopyup', 'noexec'] },
  );
}

const cases: Readonly<Record<string, (source: string) => readonly Change[]>> = {
  'the default config': () => [sh(look)],
  'binds and tmpfs with flags': (source) => [
    manyMounts(source, 'noatime', 'nodiratime'),
    sh(`${look}; cat /b2; ls /b3 /etc; touch /b1/x /t1/x 2>&1; true`),
  ],
  'a user namespace': () => [user, sh(look)],
  'a user namespace with binds': (source) => [
    user,
    manyMounts(source),
    sh(`${look}; cat /b2; ls /b3 /etc; touch /b1/x /t1/x 2>&1; true`),
  ],
  'a user namespace with its own cgroup namespace': () => [user, namespace('cgroup'), sh(look)],
  'the cgroups of the host': () => [without('cgroup'), sh(look)],
  'a remounted bind': (source) => [
    manyMounts(source),
    addMount({ destination: '/b1', options: ['remount', 'rw', 'noexec'] }),
    sh(look),
  ],
  'the whole host': () => [
    addMount({ destination: '/host', source: '/sys', type: 'bind', options: ['rbind', 'ro'] }),
    sh(look),
  ],
  masks: () => [
    (config) => {
      config.linux.maskedPaths = ['/home', '/etc/passwd', '/nothing', '/proc/acpi'];
      config.linux.readonlyPaths = ['/tmp', '/bin/busybox', '/proc/sys', '/nothing'];
    },
    sh(
      "cut -d' ' -f4- /proc/self/mountinfo; ls -l /home; cat /etc/passwd; touch /tmp/x 2>&1; true",
    ),
  ],
  'a read-only root, a sysctl and a score': () => [
    (config) => {
      config.root.readonly = true;
      config.linux.sysctl = { 'net.ipv4.ip_forward': '1' };
      config.process.oomScoreAdj = 77;
    },
    sh(`${look}; cat /proc/sys/net/ipv4/ip_forward`),
  ],
  'a terminal': () => [
    (config) => {
      config.process.terminal = true;
    },
    sh(`tty; grep console /proc/self/mountinfo | cut -d' ' -f4-; echo out >/dev/console`),
  ],
  'a time namespace': () => [namespace('time'), sh(look)],
  'no mount namespace': () => [
    without('mount'),
    (config) => {
      config.mounts = [];
      config.linux.maskedPaths = [];
      config.linux.readonlyPaths = [];
      config.process.oomScoreAdj = 77;
    },
    sh('id; ls /'),
  ],
  'hooks inside': () => [
    (config) => {
      config.hooks = { createContainer: [{ path: '/bin/sh', args: ['sh', '-c', 'echo a >&2'] }] };
    },
    sh(look),
  ],
  'a shared root': () => [rootPropagation('rshared'), sh(look)],
  'a shared root in a user namespace': (source) => [
    user,
    manyMounts(source),
    rootPropagation('shared'),
    sh(look),
  ],
  'a private root': (source) => [manyMounts(source), rootPropagation('rprivate'), sh(look)],
};

/** A container's mapped root may not make them in an image that is the host's. */
function bundleWithPoints(stage: Stage, changes: readonly Change[]): string {
  const bundle = stage.bundle(...changes);
  for (const name of ['b1', 'b3', 'b4', 'b5', 't1']) mkdirSync(join(bundle, 'rootfs', name));
  writeFileSync(join(bundle, 'rootfs/b2'), '');
  return bundle;
}

function sourceFolder(stage: Stage): string {
  const source = join(stage.folder, 'source');
  mkdirSync(join(source, 'sub'), { recursive: true });
  writeFileSync(join(source, 'file'), 'content\n');
  return source;
}

describe.each(Object.entries(cases))('%s', (_name, changes) => {
  const stage = useStage(executable);

  it.each([onOlderKernel(), onOlderKernel(allNewerCalls, 'EPERM')])('$name', async (older) => {
    const bundle = bundleWithPoints(stage, changes(sourceFolder(stage)));
    const words = ['run', '-b', bundle, stage.id()];
    const modern = await stage.ok(words);
    const classic = await stage.call(words, { through: older.through ?? [] });
    expect(plain(classic, stage)).toEqual(plain(modern, stage));
  });

  it('where the host shares its mounts', async () => {
    const bundle = bundleWithPoints(stage, changes(sourceFolder(stage)));
    const words = ['run', '-b', bundle, stage.id()];
    const through = ['unshare', '-m', '--propagation', 'shared'];
    const modern = await stage.ok(words, { through });
    const older = onOlderKernel().through ?? [];
    const classic = await stage.call(words, { through: [...through, ...older] });
    expect(plain(classic, stage)).toEqual(plain(modern, stage));
  });
});

describe('one call alone', () => {
  const stage = useStage(executable);

  it.each(allNewerCalls.flatMap((call) => [onOlderKernel([call]), onOlderKernel([call], 'EPERM')]))(
    '$name',
    async ({ through = [] }) => {
      for (const changes of [[sh(look)], [user, sh(look)]]) {
        const words = ['run', '-b', stage.bundle(...changes), stage.id()];
        const modern = await stage.ok(words);
        expect(plain(await stage.call(words, { through }), stage)).toEqual(plain(modern, stage));
      }
    },
  );
});

describe('on an older kernel', () => {
  const stage = useStage(onOlderKernel());

  it.each([[[]], [[user]]] as const)(
    'create, start, exec, exec on a terminal, kill',
    async (more) => {
      const id = stage.id();
      await stage.ok(['create', '-b', stage.bundle(setArgs('sleep', '60'), ...more), id]);
      await stage.ok(['start', id]);
      const inside = await stage.ok([
        'exec',
        id,
        'sh',
        '-c',
        'id -u; ls /proc/self/fd | wc -l; cat /proc/1/comm',
      ]);
      expect(inside.stdout).toBe('0\n4\nsleep\n');
      expect(await stage.ok(['exec', '-t', id, 'tty'])).toMatchObject({ stdout: '/dev/pts/0\n' });
      await stage.remove(id);
    },
  );

  it('leaves nothing above the root, and no staging folder on the host', async () => {
    const all = ['CAP_SYS_ADMIN', 'CAP_SYS_CHROOT'];
    const lines = await stage.lines(
      sh(
        'ls -d /../bin/busybox /../host 2>&1; grep -c " - tmpfs runt " /proc/self/mountinfo; true',
      ),
      (config) => {
        config.process.capabilities = { bounding: all, effective: all, permitted: all };
      },
    );
    expect(lines[0]).toContain('/../host: No such file');
    expect(lines).toContain('/../bin/busybox');
    expect(lines.at(-1)).toBe('0');
    expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(' - tmpfs runt ');
  });

  it.each([
    [['rbind', 'rro'], 'mounts[7]: flags of a whole tree', 'mount_setattr (Linux 5.12)'],
    [['bind', 'idmap'], 'mounts[7]: idmap', 'the mount API of Linux 5.12'],
  ])('refuses %j by name', async (options, property, lacking) => {
    const map = [{ containerID: 0, hostID: 100_000, size: 10 }];
    const idmap = options.includes('idmap') ? { uidMappings: map, gidMappings: map } : {};
    const mount = { destination: '/b', source: '/tmp', type: 'bind', options, ...idmap };
    const { status, message } = await stage.run(addMount(mount));
    expect(status).toBe(1);
    expect(message).toContain(`this host lacks ${lacking}`);
    expect(message).toContain(`needed for ${property}`);
  });
});

describe('facts in place of the kernel’s', () => {
  const stage = useStage(executable);

  it('run a container and an exec that joins namespace by namespace', async () => {
    const runtime = composeRuntime({
      root: stage.root,
      log: { debugging: false, debug() {}, warning() {}, error() {} },
      caller: readCaller({ PATH: process.env['PATH'] }),
      watch: makeWatch(),
      cgroupManager: 'cgroupfs',
      rootless: 'auto',
      facts: classicKernel,
    });
    for (const more of [[], [user]]) {
      const bundle = stage.bundle(setArgs('sleep', '60'), ...more, (config) => {
        config.root.readonly = false;
      });
      chmodSync(join(bundle, 'rootfs/tmp'), 0o777);
      const id = stage.id();
      const shared = { noPivot: false, noNewKeyring: false, preserveFds: 0 };
      await runtime.create({ id, bundle, ...shared });
      await runtime.start(id);
      const process = {
        ...asTheContainer,
        args: [
          'sh',
          '-c',
          'id -u >/tmp/out; ls -l /proc/self/ns /proc/1/ns | grep -o [a-z_]*:.[0-9]* | sort -u | wc -l >>/tmp/out',
        ],
      } as const;
      const status = await runtime.exec({ id, process, detach: false, preserveFds: 0 });
      expect(status).toBe(0);
      const [uid, namespaces] = readFileSync(join(bundle, 'rootfs/tmp/out'), 'utf8').split('\n');
      expect(uid).toBe('0');
      // all of the exec's namespaces are the init's: as many as one process has links
      expect(Number(namespaces)).toBeLessThanOrEqual(10);
      await runtime.delete({ id, force: true });
    }
  });
});
