/**
 * What a `ctr run` asks of a runtime.
 */
import { deepEqual, equal, match, notEqual } from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cases } from './client.ts';
import type { Containerd } from './containerd.ts';

export const runCases: Cases<Containerd> = {
  async 'run: output and exit status'({ ctr, runWords, id }) {
    const one = id();
    const ended = await ctr([
      ...runWords('--rm'),
      one,
      'sh',
      '-c',
      'echo out; echo err >&2; exit 7',
    ]);
    deepEqual(ended, { status: 7, stdout: 'out\n', stderr: 'err\n' });
  },

  async 'run: standard input'({ ok: done, runWords, id }) {
    // ctr does not pass on its end
    const words = [...runWords('--rm'), id(), 'sh', '-c', 'head -c 6'];
    const { stdout } = await done(words, { input: 'twelve chars' });
    equal(stdout, 'twelve');
  },

  async 'run: on a terminal'({ ctr, runWords, id }) {
    const words = [...runWords('--rm', '--tty'), id(), 'sh', '-c', 'tty; exit 3'];
    const { status, stdout } = await ctr(words, { terminal: true });
    match(stdout, /\/dev\/pts\/0\r/);
    equal(status, 3);
  },

  async 'run: it is this runtime that has made the container'({ detached, state, remove }) {
    const one = await detached();
    const { status, stdout } = await state(one);
    equal(status, 0);
    const told: { id: string; status: string } = JSON.parse(stdout);
    deepEqual({ id: told.id, status: told.status }, { id: one, status: 'running' });
    await remove(one);
    notEqual((await state(one)).status, 0);
  },

  async 'run: environment, folder, read-only root'({ ok: done, runWords, id }) {
    const options = ['--rm', '--env', 'A=b', '--cwd', '/tmp', '--read-only'];
    const script = 'echo $A; pwd; touch /file 2>&1 || true';
    const { stdout } = await done([...runWords(...options), id(), 'sh', '-c', script]);
    deepEqual(stdout, 'b\n/tmp\ntouch: /file: Read-only file system\n');
  },

  async 'run: a user namespace'({ ok: done, runWords, id }) {
    const options = ['--rm', '--uidmap', '0:100000:65536', '--gidmap', '0:200000:65536'];
    const script = 'id -u; cat /proc/self/uid_map /proc/self/gid_map; stat -c %u /bin/sh';
    const { stdout } = await done([...runWords(...options), id(), 'sh', '-c', script]);
    deepEqual(stdout.trim().split(/\s+/), [
      '0',
      '0',
      '100000',
      '65536',
      '0',
      '200000',
      '65536',
      '0',
    ]);
  },

  async 'run: all devices, all capabilities (--privileged)'({ ok: done, runWords, id }) {
    const options = ['--rm', '--privileged'];
    const script = 'grep CapEff /proc/self/status; mount -t tmpfs none /tmp && echo mounted';
    const { stdout } = await done([...runWords(...options), id(), 'sh', '-c', script]);
    match(stdout, /mounted/);
  },

  async 'run: a device'({ ok: done, runWords, id }) {
    const options = ['--rm', '--device', '/dev/fuse'];
    const script = 'stat -c %F /dev/fuse; exec 3<>/dev/fuse && echo open';
    const { stdout } = await done([...runWords(...options), id(), 'sh', '-c', script]);
    equal(stdout, 'character special file\nopen\n');
  },

  async 'run: a root that is a folder, without pivot_root, with a pid file'(session) {
    const { ground, ok: done, id } = session;
    const root = join(ground.folder, 'rootfs');
    await ground.ok(['cp', '-a', ground.images.root, root]);
    const pidFile = join(ground.folder, 'pid');
    const options = ['--rm', '--rootfs', '--no-pivot', '--pid-file', pidFile];
    const words = [
      'run',
      '--runc-binary',
      ground.runtime.path,
      ...options,
      root,
      id(),
      '/bin/sh',
      '-c',
      'ls /',
    ];
    const { stdout } = await done(words);
    match(stdout, /^bin\ndev\netc\n/);
    match(readFileSync(pidFile, 'utf8'), /^\d+$/);
  },

  async 'run: a bind mount, read-only and writable'({ ground, ok: done, runWords, id }) {
    const folder = join(ground.folder, 'shared');
    mkdirSync(folder);
    writeFileSync(join(folder, 'in'), 'from outside\n');
    const mount = (target: string, how: string): string[] => [
      '--mount',
      `type=bind,src=${folder},dst=${target},options=rbind:${how}`,
    ];
    const script = 'cat /r/in; echo inside >/w/out; touch /r/x';
    const options = ['--rm', ...mount('/r', 'ro'), ...mount('/w', 'rw')];
    const { stdout } = await done([...runWords(...options), id(), 'sh', '-c', `${script} || true`]);
    equal(stdout, 'from outside\n');
    equal(readFileSync(join(folder, 'out'), 'utf8'), 'inside\n');
    deepEqual(readdirSync(folder).toSorted(), ['in', 'out']);
  },

  async 'run: limits of memory and processors'({ ground, ok: done, runWords, id }) {
    const options = ['--rm', '--memory-limit', '33554432', '--cpus', '0.5'];
    const script =
      ground.cgroup === 'v1'
        ? 'cd /sys/fs/cgroup; cat memory/memory.limit_in_bytes cpu*/cpu.cfs_quota_us'
        : 'cd /sys/fs/cgroup; cat memory.max cpu.max';
    const mount = ['--mount', 'type=cgroup,src=cgroup,dst=/sys/fs/cgroup,options=ro:nosuid'];
    const { stdout } = await done([...runWords(...options, ...mount), id(), 'sh', '-c', script]);
    deepEqual(stdout.split(/\s+/).slice(0, 2), ['33554432', '50000']);
  },

  async 'run: capabilities, and the default seccomp profile'({ ok: done, runWords, id }) {
    const options = ['--rm', '--cap-drop', 'CAP_CHOWN', '--cap-add', 'CAP_SYS_PTRACE', '--seccomp'];
    const script = 'grep -E "^(CapEff|Seccomp):" /proc/self/status; chown 1 /tmp';
    const { stdout } = await done([...runWords(...options), id(), 'sh', '-c', `${script} || true`]);
    const effective = BigInt(`0x${/^CapEff:\t(\w+)$/m.exec(stdout)?.[1] ?? ''}`);
    deepEqual([effective & 1n, (effective >> 19n) & 1n], [0n, 1n]);
    match(stdout, /^Seccomp:\t2$/m);
  },

  async 'run: namespaces of the host and of another container'(session) {
    const { detached, remove, ok: done, runWords, id } = session;
    const one = await detached();
    const pid = (await done(['task', 'ls'])).stdout.match(new RegExp(`${one}\\s+(\\d+)`))?.[1];
    const joined = ['--rm', '--with-ns', `ipc:/proc/${pid}/ns/ipc`, '--net-host'];
    const script = 'readlink /proc/self/ns/ipc; readlink /proc/self/ns/net';
    const { stdout } = await done([...runWords(...joined), id(), 'sh', '-c', script]);
    const link = async (path: string): Promise<string> =>
      (await session.ground.ok(['readlink', path])).stdout;
    equal(stdout, (await link(`/proc/${pid}/ns/ipc`)) + (await link('/proc/self/ns/net')));
    await remove(one);
  },

  async 'run: a program that is not there'({ ctr, runWords, id, state, ok: done }) {
    const one = id();
    const { status, stderr } = await ctr([...runWords(), one, 'nowhere']);
    notEqual(status, 0);
    match(stderr, /exec: "nowhere": executable file not found in \$PATH/);
    notEqual((await state(one)).status, 0);
    await done(['container', 'rm', one]);
  },

  async 'run: a program that may not be executed'({ ctr, runWords, id, ok: done }) {
    const one = id();
    const { status, stderr } = await ctr([...runWords(), one, '/etc/passwd']);
    notEqual(status, 0);
    match(stderr, /exec: "\/etc\/passwd": permission denied/);
    await done(['container', 'rm', one]);
  },
};
