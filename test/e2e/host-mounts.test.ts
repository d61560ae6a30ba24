/** What the host has mounted: seen as it is, and never reached from inside. */
import { existsSync, mkdirSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
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
import { onOlderKernel } from '../support/older-kernel.ts';
import { executable } from '../support/runtimes.ts';
import { useStage } from '../support/stage.ts';

/** As on most hosts; here in a mount namespace of the case's own, which prints its mounts before and after. */
const onSharingHost = [
  'unshare',
  '-m',
  '--propagation',
  'shared',
  'sh',
  '-c',
  'list() { cut -d" " -f5- /proc/self/mountinfo; }; list; echo ----; "$@" && echo ---- && list',
  'sh',
];

const rootPropagation =
  (type: string): Change =>
  (config) => {
    config.linux.rootfsPropagation = type;
  };

const user: Change = (config) => {
  namespace('user')(config);
  const map = [{ containerID: 0, hostID: 100_000, size: 65_536 }];
  config.linux.uidMappings = map;
  config.linux.gidMappings = map;
};

describe.each([executable, onOlderKernel()])('the mounts of the host under $name', (runtime) => {
  const stage = useStage(runtime);

  it.each(['', 'shared', 'rshared', 'rslave', 'private'])(
    'are the same after a container with the root propagation "%s"',
    async (type) => {
      for (const more of [[], [user]]) {
        const bundle = stage.bundle(sh('echo inside'), rootPropagation(type), ...more);
        const words = ['run', '-b', bundle, stage.id()];
        const { stdout } = await stage.ok(words, { through: onSharingHost });
        const [before, inside, after] = stdout.split('----\n');
        expect(inside).toBe('inside\n');
        expect(after).toBe(before);
      }
    },
  );

  it('are not shared with a user namespace', async () => {
    const source = join(stage.folder, 'source');
    mkdirSync(source);
    writeFileSync(join(source, 'file'), '');
    const bundle = stage.bundle(
      sh('cut -d" " -f5- /proc/self/mountinfo | grep -e "^/tmp" -e "^/dev/null"'),
      user,
      addMount({ destination: '/tmp', source, type: 'bind', options: ['rbind'] }),
    );
    const words = ['run', '-b', bundle, stage.id()];
    const { stdout } = await stage.ok(words, { through: onSharingHost });
    const [, inside = ''] = stdout.split('----\n');
    expect(inside.trim().split('\n')).toHaveLength(2);
    expect(inside).not.toContain('shared:');
    // its flags are those of the host's /tmp
    expect(inside).toMatch(/^\/tmp rw,\S+ master:/m);
  });

  it('are what a source means whose symlink climbs to the root', async () => {
    const bundle = stage.bundle(
      sh('cat /b/note'),
      addMount({ destination: '/b', source: `${stage.folder}-link`, options: ['bind'] }),
    );
    writeFileSync(join(stage.folder, 'note'), 'of the host');
    const fake = join(bundle, 'rootfs', stage.folder);
    mkdirSync(fake, { recursive: true });
    writeFileSync(join(fake, 'note'), 'of the image');
    symlinkSync(`..${stage.folder}`, `${stage.folder}-link`);
    try {
      const { stdout } = await stage.ok(['run', '-b', bundle, stage.id()]);
      expect(stdout).toBe('of the host');
    } finally {
      unlinkSync(`${stage.folder}-link`);
    }
  });

  it('are not meant by a source or a destination in the rootfs, but what is mounted there', async () => {
    const bundle = stage.bundle();
    const rootfs = join(bundle, 'rootfs');
    mkdirSync(join(bundle, 'data'));
    writeFileSync(join(bundle, 'data/file'), 'of the mount');
    const bind = (source: string, destination: string) =>
      addMount({ source, destination, type: 'bind', options: ['rbind'] });
    const config = makeConfig(
      sh('cat /tmp/copy/file'),
      bind('data', '/tmp/first'),
      bind(`${rootfs}/tmp/first`, `${rootfs}/tmp/copy`),
    );
    writeConfig(bundle, config);
    const { stdout } = await stage.ok(['run', '-b', bundle, stage.id()]);
    expect(stdout).toBe('of the mount');
    expect(existsSync(join(rootfs, rootfs))).toBe(false);
  });

  it('are all in an rbind of the root, and the rootfs is not in their place', async () => {
    writeFileSync(join(stage.folder, 'note'), 'of the host');
    for (const source of ['/', '//', '/tmp/..']) {
      const lines = await stage.lines(
        sh(`cat /host${stage.folder}/note; echo; ls -d /host/proc/self`),
        addMount({ destination: '/host', source, type: 'bind', options: ['rbind', 'ro'] }),
      );
      expect(lines).toEqual(['of the host', '/host/proc/self']);
    }
  });
});
