/**
 * An engine's options of security and devices, as they arrive in a container.
 */
import { deepEqual, equal, match } from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cases } from './client.ts';
import type { Engine } from './engine.ts';

export const securityCases: Cases<Engine> = {
  async 'capabilities: the default ones, --cap-drop and --cap-add'({ sh, ways }) {
    const show = 'grep CapEff /proc/self/status';
    const shown = (set: bigint): string => `CapEff:\t${set.toString(16).padStart(16, '0')}\n`;
    equal(await sh([], show), shown(ways.capabilities));
    const some = ['--cap-drop', 'ALL', '--cap-add', 'CHOWN', '--cap-add', 'NET_RAW'];
    equal(await sh(some, show), shown(0x2001n));
    const less = await sh(['--cap-drop', 'CHOWN'], `${show}; chown 1 /tmp 2>&1 || true`);
    equal(less, `${shown(ways.capabilities & ~1n)}chown: /tmp: Operation not permitted\n`);
  },

  async '--security-opt no-new-privileges'({ sh }) {
    const option = ['--security-opt', 'no-new-privileges'];
    equal(await sh(option, 'grep NoNewPrivs /proc/self/status'), 'NoNewPrivs:\t1\n');
  },

  async '--security-opt seccomp: the default profile, none, and one of the host'(session) {
    const { ground, sh } = session;
    const mode = 'grep ^Seccomp: /proc/self/status';
    equal(await sh([], mode), 'Seccomp:\t2\n');
    equal(await sh(['--security-opt', 'seccomp=unconfined'], mode), 'Seccomp:\t0\n');
    const profile = join(ground.folder, 'seccomp.json');
    const rule = { names: ['mkdir', 'mkdirat'], action: 'SCMP_ACT_ERRNO', errnoRet: 28 };
    writeFileSync(profile, JSON.stringify({ defaultAction: 'SCMP_ACT_ALLOW', syscalls: [rule] }));
    const script = `${mode}; mkdir /tmp/a 2>&1 || true`;
    match(
      await sh(['--security-opt', `seccomp=${profile}`], script),
      /^Seccomp:\t2\nmkdir: .*No space left on device\n$/,
    );
  },

  async 'masked and read-only paths, and without them'({ sh, ways }) {
    const script =
      'wc -c </proc/timer_list; (echo x >/proc/sys/vm/swappiness) 2>&1 | grep -c Read-only; ls /proc/scsi | wc -l';
    equal(await sh([], script), '0\n1\n0\n');
    const option = ['--security-opt', ways.unmask];
    equal(await sh(option, 'grep -c -E " /proc/(sys|timer_list) " /proc/mounts || true'), '0\n');
  },

  async '--device and --device-cgroup-rule'({ sh }) {
    const script = `stat -c %F /dev/x; (exec 3</dev/x) && echo readable
      (exec 3<>/dev/x) 2>/dev/null || echo not writable
      mknod /tmp/null2 c 1 3 && (exec 3<>/tmp/null2) && echo null
      mknod /tmp/other c 7 7; (exec 3<>/tmp/other) 2>&1 | grep -o 'Operation not permitted\\|No such device.*'`;
    const expected = ['character special file', 'readable', 'not writable', 'null'];
    const lines = (words: string): string[] => words.trim().split('\n');
    const denied = await sh(['--device', '/dev/fuse:/dev/x:r', '--cap-add', 'MKNOD'], script);
    deepEqual(lines(denied), [...expected, 'Operation not permitted']);
    const rule = ['--device-cgroup-rule', 'c 7:* rwm'];
    const allowed = await sh(
      ['--device', '/dev/fuse:/dev/x:r', '--cap-add', 'MKNOD', ...rule],
      `${script} || true`,
    );
    deepEqual(lines(allowed).slice(0, 4), expected);
    equal(allowed.includes('not permitted'), false);
  },

  async '--privileged'({ sh }) {
    const script = 'grep ^Seccomp: /proc/self/status; mount -t tmpfs none /tmp && echo mounted';
    equal(await sh(['--privileged'], script), 'Seccomp:\t0\nmounted\n');
  },
};
