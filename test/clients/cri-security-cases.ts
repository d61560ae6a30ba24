/**
 * A pod's security context, mounts and devices, as they arrive in a container.
 */
import { deepEqual, equal, match, rejects } from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Cases, skip } from './client.ts';
import type { Mount, SecurityContext } from './cri-calls.ts';
import type { Cri } from './cri.ts';
import type { ContainerOptions } from './kubelet.ts';

const secure = (context: SecurityContext): ContainerOptions => ({
  linux: { security_context: context },
});
const mounted = (...mounts: readonly Mount[]): ContainerOptions => ({ mounts });
const sleep = ['sleep', '1000'];

export const securityCases: Cases<Cri> = {
  async 'user, group and further groups'({ pod }) {
    const one = await pod();
    const context = {
      run_as_user: { value: 1234 },
      run_as_group: { value: 2345 },
      supplemental_groups: [3456],
    };
    const a = await one.run(sleep, secure(context));
    equal(await a.sh('id -u; id -g; id -G'), '1234\n2345\n2345 3456\n');
    const b = await one.run(sleep, secure({ run_as_username: 'user' }));
    equal(await b.sh('id -u'), '1000\n');
    await one.remove();
  },

  async 'capabilities: dropped all, one added'({ pod }) {
    const one = await pod();
    const capabilities = { drop_capabilities: ['ALL'], add_capabilities: ['NET_BIND_SERVICE'] };
    const a = await one.run(sleep, secure({ capabilities }));
    match(await a.sh('grep CapEff /proc/1/status'), /0000000000000400/);
    match(await a.sh('grep CapEff /proc/self/status'), /0000000000000400/);
    await rejects(a.sh('chown 1 /tmp'), /Operation not permitted/);
    await one.remove();
  },

  async 'a read-only root, and no new privileges'({ pod }) {
    const one = await pod();
    const a = await one.run(sleep, secure({ readonly_rootfs: true, no_new_privs: true }));
    await rejects(a.sh('touch /file'), /Read-only file system/);
    equal(await a.sh('grep NoNewPrivs /proc/1/status'), 'NoNewPrivs:\t1\n');
    await one.remove();
  },

  async 'masked and read-only paths'({ pod }) {
    const one = await pod();
    const a = await one.run(
      sleep,
      secure({
        masked_paths: ['/proc/meminfo', '/sys/kernel'],
        readonly_paths: ['/proc/sys', '/etc'],
      }),
    );
    equal(await a.sh('wc -c </proc/meminfo; ls /sys/kernel | wc -l'), '0\n0\n');
    await rejects(a.sh('echo x >/etc/file'), /Read-only file system/);
    await one.remove();
  },

  async 'the default seccomp profile, none, and one of the host'({ pod, ground }) {
    const one = await pod();
    const mode = 'grep "^Seccomp:" /proc/1/status';
    const a = await one.run(sleep, secure({ seccomp: { profile_type: 'RuntimeDefault' } }));
    equal(await a.sh(mode), 'Seccomp:\t2\n');
    await rejects(
      a.sh('unshare -U true || mount -t tmpfs none /tmp'),
      /not permitted|denied|not found/,
    );
    const b = await one.run(sleep, secure({ seccomp: { profile_type: 'Unconfined' } }));
    equal(await b.sh(mode), 'Seccomp:\t0\n');
    const profile = join(ground.folder, 'seccomp.json');
    const rule = { names: ['mkdir', 'mkdirat'], action: 'SCMP_ACT_ERRNO', errnoRet: 28 };
    writeFileSync(profile, JSON.stringify({ defaultAction: 'SCMP_ACT_ALLOW', syscalls: [rule] }));
    const c = await one.run(
      sleep,
      secure({ seccomp: { profile_type: 'Localhost', localhost_ref: profile } }),
    );
    await rejects(c.sh('mkdir /x'), /No space left on device/);
    await one.remove();
  },

  async 'a privileged container'({ pod }) {
    const one = await pod({ privileged: true });
    const a = await one.run(sleep, secure({ privileged: true }));
    equal(await a.sh('mount -t tmpfs none /tmp && echo mounted'), 'mounted\n');
    equal(await a.sh('grep "^Seccomp:" /proc/1/status'), 'Seccomp:\t0\n');
    await one.remove();
  },

  async 'volumes: writable, read-only, with propagation'({ pod, ground }) {
    const folder = join(ground.folder, 'volume');
    mkdirSync(folder);
    await ground.ok(['mount', '-t', 'tmpfs', 'volume', folder]);
    await ground.ok(['mount', '--make-shared', folder]);
    mkdirSync(join(folder, 'sub'));
    writeFileSync(join(folder, 'in'), 'from outside\n');
    const one = await pod();
    const a = await one.run(
      sleep,
      mounted(
        { container_path: '/w', host_path: folder },
        { container_path: '/r', host_path: folder, readonly: true },
        {
          container_path: '/s',
          host_path: folder,
          propagation: 'PROPAGATION_HOST_TO_CONTAINER',
        },
      ),
    );
    equal(await a.sh('cat /r/in; echo inside >/w/out'), 'from outside\n');
    equal(readFileSync(join(folder, 'out'), 'utf8'), 'inside\n');
    await rejects(a.sh('touch /r/x'), /Read-only file system/);
    await ground.ok(['mount', '-t', 'tmpfs', 'later', join(folder, 'sub')]);
    writeFileSync(join(folder, 'sub/late'), '');
    equal(await a.sh('ls /s/sub; ls /w/sub'), 'late\n');
    await one.remove();
    await ground.ok(['umount', join(folder, 'sub')]);
    await ground.ok(['umount', folder]);
  },

  async 'a volume that is read-only with all below it'({ pod, ground, call }) {
    const { runtime_handlers: handlers } = await call('Status', {});
    if (handlers.length === 0) skip('this containerd knows no such volumes');
    const features = handlers.find(({ name }) => name === 'test')?.features;
    equal(features?.recursive_read_only_mounts, true);
    const folder = join(ground.folder, 'rro');
    mkdirSync(join(folder, 'sub'), { recursive: true });
    await ground.ok(['mount', '-t', 'tmpfs', 'below', join(folder, 'sub')]);
    const one = await pod();
    const plain = { container_path: '/plain', host_path: folder, readonly: true };
    const all = { ...plain, container_path: '/all', recursive_read_only: true };
    const a = await one.run(sleep, mounted(plain, all));
    await a.sh('touch /plain/sub/file');
    await rejects(a.sh('touch /all/sub/other'), /Read-only file system/);
    await one.remove();
    await ground.ok(['umount', join(folder, 'sub')]);
  },

  async 'a device'({ pod }) {
    const one = await pod();
    const device = { container_path: '/dev/a-device', host_path: '/dev/fuse', permissions: 'rw' };
    const a = await one.run(sleep, { devices: [device] });
    equal(
      await a.sh('stat -c %F /dev/a-device; exec 3<>/dev/a-device && echo open'),
      'character special file\nopen\n',
    );
    await one.remove();
  },

  async 'a score for when memory runs out'({ pod }) {
    const one = await pod();
    const a = await one.run(sleep, { linux: { resources: { oom_score_adj: 987 } } });
    deepEqual(await a.sh('cat /proc/1/oom_score_adj'), '987\n');
    await one.remove();
  },
};
