/** An image that tries to lead the runtime out of its root: nothing of the host is made, mounted or changed. */
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { addMount, type Change, setArgs, sh, without } from '../support/bundle-builder.ts';
import { probe } from '../support/probe.ts';
import { onOlderKernel } from '../support/older-kernel.ts';
import { executable } from '../support/runtimes.ts';
import { type Stage, useStage } from '../support/stage.ts';
import { repeated, stretched } from '../support/patience.ts';

/** A folder of the host that must stay as it is. */
function canary(stage: Stage) {
  const folder = join(stage.folder, 'canary');
  mkdirSync(join(folder, 'sub'), { recursive: true });
  writeFileSync(join(folder, 'file'), 'untouched');
  const look = () => ({
    names: readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted(),
    file: readFileSync(join(folder, 'file'), 'utf8'),
    mode: statSync(folder).mode,
    owner: statSync(folder).uid,
    time: statSync(folder).mtimeMs,
  });
  const before = look();
  return { folder, check: () => expect(look()).toEqual(before) };
}

const writable: Change = (config) => {
  config.root.readonly = false;
};

describe.each([executable, onOlderKernel()])('a hostile image under $name', (runtime) => {
  const stage = useStage(runtime);

  it.each(['dev', 'proc', 'sys', 'etc', 'tmp'])(
    'with /%s as a symlink to the host',
    async (name) => {
      const host = canary(stage);
      for (const target of [
        host.folder,
        `../../canary`,
        `../../../../../../../../${host.folder}`,
      ]) {
        const bundle = stage.bundle(
          sh('true'),
          writable,
          addMount(
            { destination: '/etc/sub/new/file', type: 'tmpfs', source: 'x' },
            { destination: '/tmp/new', type: 'tmpfs', source: 'x' },
          ),
          (config) => {
            config.linux.devices = [{ path: '/dev/deep/null', type: 'c', major: 1, minor: 3 }];
            config.linux.maskedPaths = [...config.linux.maskedPaths, '/etc/file', '/tmp/file'];
            config.process.cwd = '/tmp/deep/folder';
          },
        );
        rmSync(join(bundle, 'rootfs', name), { recursive: true });
        symlinkSync(target, join(bundle, 'rootfs', name));
        // refused or made inside: both are well
        const { status, message } = await stage.call(['run', '-b', bundle, stage.id()]);
        if (name === 'proc' || name === 'sys') {
          expect(status).toBe(1);
          expect(message).toContain('must be mounted on ordinary directory');
        }
        host.check();
      }
    },
  );

  it('with a /dev that is no mount but a symlink (CVE-2026-41579)', async () => {
    const host = canary(stage);
    for (const target of [host.folder, '../../canary']) {
      const bundle = stage.bundle(sh('true'), writable, (config) => {
        config.mounts = config.mounts.filter(({ destination }) => !destination.startsWith('/dev'));
      });
      rmSync(join(bundle, 'rootfs/dev'), { recursive: true });
      symlinkSync(target, join(bundle, 'rootfs/dev'));
      await stage.call(['run', '-b', bundle, stage.id()]);
      host.check();
    }
  });

  it('with a /dev/console that leads out, and no mount on /dev (CVE-2026-88264)', async () => {
    const host = canary(stage);
    const bundle = stage.bundle(sh('true'), writable, (config) => {
      config.process.terminal = true;
      config.mounts = config.mounts.filter(
        ({ destination }) => !destination.startsWith('/dev') || destination === '/dev/pts',
      );
    });
    symlinkSync(`${host.folder}/console`, join(bundle, 'rootfs/dev/console'));
    await stage.call(['run', '-b', bundle, stage.id()]);
    host.check();
  });

  it('with a /dev/null that is something else: the mask is the host’s (CVE-2025-31133)', async () => {
    const host = canary(stage);
    for (const make of [
      (path: string) => symlinkSync(`${host.folder}/file`, path),
      (path: string) => symlinkSync('/etc/passwd', path),
      (path: string) => writeFileSync(path, 'not null'),
    ]) {
      const bundle = stage.bundle(
        sh('cat /etc/passwd; stat -c %t:%T /etc/passwd; echo x > /etc/passwd'),
        writable,
        (config) => {
          config.mounts = config.mounts.filter(
            ({ destination }) => !destination.startsWith('/dev'),
          );
          config.linux.maskedPaths = ['/etc/passwd'];
        },
      );
      make(join(bundle, 'rootfs/dev/null'));
      const { status, stdout } = await stage.call(['run', '-b', bundle, stage.id()]);
      if (status === 0) expect(stdout).toBe('1:3\n');
      host.check();
    }
  });

  it.each([3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20])(
    'with a working folder of /proc/self/fd/%d (CVE-2024-21626)',
    async (number) => {
      for (const path of [`/proc/self/fd/${number}`, `/proc/1/fd/${number}/../..`]) {
        const { status, stdout, message } = await stage.run(
          sh('cat ../../../../../../etc/shadow; ls ..'),
          (config) => {
            config.process.cwd = path;
          },
        );
        expect(status).toBe(1);
        expect(stdout).toBe('');
        expect(message).toContain('process.cwd: cannot change to the folder');
      }
    },
  );

  it('with an exec into a folder that leads out', async () => {
    const { id } = await stage.detached(setArgs('sleep', '60'));
    for (let number = 3; number < 20; number++) {
      const { status } = await stage.call(['exec', '--cwd', `/proc/self/fd/${number}`, id, 'pwd']);
      expect(status).toBe(255);
    }
    await stage.remove(id);
  });

  it('with sysctls behind a covered /proc (CVE-2025-52881)', async () => {
    const fake = join(stage.folder, 'fake');
    mkdirSync(join(fake, 'sys/net/ipv4'), { recursive: true });
    mkdirSync(join(fake, 'self'), { recursive: true });
    writeFileSync(join(fake, 'sys/net/ipv4/ip_forward'), 'fake');
    writeFileSync(join(fake, 'self/oom_score_adj'), 'fake');
    const lines = await stage.lines(
      sh('mount -t proc proc /tmp; cat /tmp/sys/net/ipv4/ip_forward /tmp/self/oom_score_adj'),
      writable,
      (config) => {
        config.mounts = [
          { destination: '/proc', type: 'bind', source: fake, options: ['bind'] },
          ...config.mounts.filter(({ type }) => type !== 'proc'),
        ];
        config.linux.sysctl = { 'net.ipv4.ip_forward': '1' };
        config.linux.maskedPaths = [];
        config.linux.readonlyPaths = [];
        config.process.oomScoreAdj = 77;
        const all = ['CAP_SYS_ADMIN'];
        config.process.capabilities = { bounding: all, effective: all, permitted: all };
      },
    );
    expect(lines).toEqual(['1', '77']);
    expect(readFileSync(join(fake, 'sys/net/ipv4/ip_forward'), 'utf8')).toBe('fake');
    expect(readFileSync(join(fake, 'self/oom_score_adj'), 'utf8')).toBe('fake');
  });

  it(
    'with a mount point whose parent is exchanged all the time (CVE-2021-30465)',
    async () => {
      const host = canary(stage);
      const volume = join(stage.folder, 'volume');
      mkdirSync(join(volume, 'real/sub'), { recursive: true });
      symlinkSync('../../../../../../../..' + host.folder, join(volume, 'link'));
      const bundle = stage.bundle(
        sh('true'),
        writable,
        without('network'),
        addMount(
          { destination: '/volume', type: 'bind', source: volume, options: ['bind'] },
          { destination: '/volume/real/new/a/b', type: 'tmpfs', source: 'x' },
          { destination: '/volume/real/sub/c', type: 'bind', source: volume, options: ['bind'] },
        ),
      );
      const racer = execa(probe(), ['swap', join(volume, 'real'), join(volume, 'link')], {
        reject: false,
      });
      try {
        const run = async () => {
          for (let turn = 0; turn < repeated(120); turn++)
            await stage.call(['run', '-b', bundle, stage.id()]);
        };
        await Promise.all([run(), run()]);
      } finally {
        racer.kill('SIGKILL');
        await racer;
      }
      host.check();
      chmodSync(volume, 0o755);
    },
    stretched(90_000),
  );
});
