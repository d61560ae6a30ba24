/** What config.json asks for, as seen from inside the container. */
import { chmodSync, chownSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  addMount,
  type Change,
  namespace,
  setArgs,
  sh,
  without,
} from '../support/bundle-builder.ts';
import { cgroupsOf } from '../support/leftovers.ts';
import { runc, runtimes } from '../support/runtimes.ts';
import { makeStage, useStage } from '../support/stage.ts';

const process =
  (part: object): Change =>
  (config) => {
    Object.assign(config.process, part);
  };
const linux =
  (part: object): Change =>
  (config) => {
    Object.assign(config.linux, part);
  };
const writable: Change = (config) => {
  config.root.readonly = false;
};

export const userNamespace: Change = (config) => {
  config.linux.namespaces = [...config.linux.namespaces, { type: 'user' }];
  config.linux.uidMappings = [{ containerID: 0, hostID: 100_000, size: 65_536 }];
  config.linux.gidMappings = [{ containerID: 0, hostID: 200_000, size: 65_536 }];
};

describe.each(runtimes)('a container by $name', (runtime) => {
  const stage = useStage(runtime);

  it('is what runc makes of the same config', async () => {
    const script = `for n in cgroup ipc mnt net pid uts user; do
        [ $(readlink /proc/self/ns/$n) = $(cat /etc/host-$n) ] && echo $n is the host; done
      cut -d' ' -f2 /proc/self/mounts
      ls -l /dev | grep -v kcore | sed 's/  */ /g' | cut -d' ' -f1,3-6,10-; ls -l /dev/pts | sed 's/  */ /g' | cut -d' ' -f1,3-6,10-
      grep -E '^(Uid|Gid|Groups|Cap|NoNewPrivs|Umask|Sig[PBIC]|Shd|Seccomp)' /proc/self/status
      cat /proc/self/limits | grep -v -i 'pending signals\\|processes'; env | sort; pwd; hostname
      cat /proc/self/oom_score_adj; ip link show lo | grep -o 'UP'; cat /proc/kcore; ls /proc/acpi /sys/firmware; touch /proc/sys/kernel/x; true`;
    const bundle = stage.bundle(sh(`{ ${script}; } 2>&1`));
    for (const name of ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'uts', 'user'])
      writeFileSync(join(bundle, 'rootfs/etc', `host-${name}`), `${await hostNamespace(name)}\n`);
    const ours = await stage.ok(['run', '-b', bundle, stage.id()]);
    const other = makeStage(runc);
    const theirs = await other.ok(['run', '-b', bundle, other.id()]);
    // /dev/core is left out: runc makes it only where /proc/kcore is there, which is masked here
    expect(ours.stdout.split('\n')).toEqual(theirs.stdout.split('\n'));
  });

  it('joins namespaces by path', async () => {
    const { id } = await stage.detached(setArgs('sleep', '60'), (config) => {
      config.hostname = 'theirs';
    });
    const { pid } = await stage.state(id);
    const ns = (name: string) => `/proc/${String(pid)}/ns/${name}`;
    const lines = await stage.lines(
      sh(
        'hostname; for n in net ipc uts pid; do readlink /proc/self/ns/$n; done; readlink /proc/1/exe',
      ),
      namespace('network', ns('net')),
      namespace('ipc', ns('ipc')),
      namespace('uts', ns('uts')),
      namespace('pid', ns('pid')),
      (config) => {
        delete config.hostname;
      },
    );
    const inside = await stage.ok([
      'exec',
      id,
      'sh',
      '-c',
      'for n in net ipc uts pid; do readlink /proc/1/ns/$n; done',
    ]);
    expect(lines).toEqual(['theirs', ...inside.stdout.trim().split('\n'), '/bin/busybox']);
    await stage.remove(id);
  });

  it('joins a user namespace and a mount namespace by path', async () => {
    const { id } = await stage.detached(setArgs('sleep', '60'), userNamespace, withoutCgroup);
    const { pid } = await stage.state(id);
    const lines = await stage.lines(
      sh('id -u; cat /proc/self/uid_map | sed "s/  */ /g"'),
      namespace('user', `/proc/${String(pid)}/ns/user`),
      withoutCgroup,
    );
    expect(lines).toEqual(['0', ' 0 100000 65536']);
    await stage.remove(id);
  });

  it('has a user namespace, and binds what its root cannot reach', async () => {
    const secret = join(stage.folder, 'secret');
    mkdirSync(secret, { mode: 0o700 });
    mkdirSync(join(secret, 'volume'), { mode: 0o755 });
    writeFileSync(join(secret, 'volume/file'), 'reached\n');
    const lines = await stage.lines(
      sh(
        'id -u; cat /proc/self/gid_map | sed "s/  */ /g"; cat /tmp/file; stat -c %u /tmp; echo x > /dev/null; hostname',
      ),
      userNamespace,
      withoutCgroup,
      addMount({
        destination: '/tmp',
        type: 'bind',
        source: join(secret, 'volume'),
        options: ['rbind'],
      }),
    );
    expect(lines).toEqual(['0', ' 0 200000 65536', 'reached', '65534', 'runt']);
  });

  it('has a cgroup namespace, whose root is its own cgroup', async () => {
    const lines = await stage.lines(setArgs('cat', '/proc/self/cgroup'), namespace('cgroup'));
    for (const line of lines.filter((text) => !text.includes('hugetlb')))
      expect(line).toMatch(/:\/$/);
  });

  it('sets host and domain name', async () => {
    const lines = await stage.lines(sh('hostname; cat /proc/sys/kernel/domainname'), (config) => {
      config.hostname = 'a-name';
      config.domainname = 'a.domain';
    });
    expect(lines).toEqual(['a-name', 'a.domain']);
  });

  it('sets user, groups, umask and HOME', async () => {
    const script = 'id -u; id -g; id -G; umask; echo $HOME';
    const lines = await stage.lines(
      sh(script),
      process({ user: { uid: 1000, gid: 1001, additionalGids: [5, 7], umask: 0o77 } }),
    );
    expect(lines).toEqual(['1000', '1001', '1001 5 7', '0077', '/home/user']);
    expect(await stage.lines(sh('echo $HOME'), process({ user: { uid: 77, gid: 1 } }))).toEqual([
      '/',
    ]);
    expect(
      await stage.lines(sh('echo $HOME'), (config) => void config.process.env.push('HOME=/own')),
    ).toEqual(['/own']);
  });

  it('sets capabilities, and says which it does not know', async () => {
    const set = ['CAP_CHOWN', 'CAP_KILL'];
    const ended = await stage.run(
      setArgs('grep', 'Cap', '/proc/self/status'),
      process({
        user: { uid: 1000, gid: 1000 },
        capabilities: {
          bounding: [...set, 'CAP_NOT_KNOWN'],
          effective: set,
          permitted: set,
          inheritable: set,
          ambient: ['CAP_KILL'],
        },
      }),
    );
    const [inherited, permitted, effective, bounding, ambient] = ended.stdout.trim().split('\n');
    expect(ended.status).toBe(0);
    expect(inherited).toMatch(/0021$/);
    expect(bounding).toMatch(/0021$/);
    expect(ambient).toMatch(/0020$/);
    // of another user's program only what is ambient passes the exec
    expect(permitted).toMatch(/0020$/);
    expect(effective).toMatch(/0020$/);
    expect(ended.stderr).toContain('CAP_NOT_KNOWN');
  });

  it('sets rlimits', async () => {
    const lines = await stage.lines(
      sh('ulimit -n; ulimit -Hn; ulimit -c; ulimit -s'),
      process({
        user: { uid: 1000, gid: 1000 },
        rlimits: [
          { type: 'RLIMIT_NOFILE', soft: 100, hard: 200 },
          { type: 'RLIMIT_CORE', soft: 512, hard: 1024 },
          { type: 'RLIMIT_STACK', soft: 1024 * 1024, hard: 1024 * 1024 },
        ],
      }),
    );
    expect(lines).toEqual(['100', '200', '1', '1024']);
  });

  it('makes a missing working folder, and enters one before or after the change of user', async () => {
    expect(await stage.lines(setArgs('pwd'), process({ cwd: '/new/deep' }), writable)).toEqual([
      '/new/deep',
    ]);
    const user = { uid: 1000, gid: 1000 };
    const bundle = stage.bundle(setArgs('/bin/pwd'), process({ cwd: '/home/user', user }));
    const home = join(bundle, 'rootfs/home/user');
    chmodSync(home, 0o700);
    chownSync(home, 1000, 1000);
    expect((await stage.ok(['run', '-b', bundle, stage.id()])).stdout).toBe('/home/user\n');
    const rooted = stage.bundle(sh('echo in'), process({ cwd: '/root', user }));
    chmodSync(join(rooted, 'rootfs/root'), 0o700);
    expect((await stage.ok(['run', '-b', rooted, stage.id()])).stdout).toBe('in\n');
  });

  it('keeps the root read-only, or not', async () => {
    expect(await stage.lines(sh('touch /x 2>&1'), sh('touch /x 2>&1; true'))).toEqual([
      'touch: /x: Read-only file system',
    ]);
    const bundle = stage.bundle(sh('echo data > /tmp/x'), writable);
    await stage.ok(['run', '-b', bundle, stage.id()]);
    expect(readFileSync(join(bundle, 'rootfs/tmp/x'), 'utf8')).toBe('data\n');
  });

  it('gives the root its propagation', async () => {
    const root = 'awk \'$5 == "/"\' /proc/self/mountinfo';
    for (const [rootfsPropagation, tags] of [
      ['private', /^(?!.*(shared|master))/],
      ['slave', /^(?!.*shared)/],
      ['shared', /shared:/],
    ] as const) {
      const [line = ''] = await stage.lines(sh(root), linux({ rootfsPropagation }));
      expect(line, rootfsPropagation).toMatch(tags);
    }
  });

  it('masks paths and makes others read-only', async () => {
    const ended = await stage.run(
      sh(
        'cat /etc/passwd; ls -A /home; stat -c %d /home /tmp | sort -u | wc -l; touch /tmp/x /home/x; echo 1 > /etc/group',
      ),
      writable,
      linux({
        maskedPaths: ['/etc/passwd', '/home', '/tmp', '/absent'],
        readonlyPaths: ['/etc', '/absent-too'],
      }),
    );
    expect(ended.stdout).toBe('1\n');
    expect(ended.stderr.match(/Read-only file system/g)).toHaveLength(3);
  });

  it('has devices and links of its own', async () => {
    const lines = await stage.lines(
      sh(
        'stat -c "%n %F %t:%T %a %u:%g" /dev/null /dev/mine /dev/pipe; for l in fd stdin ptmx core; do readlink /dev/$l; done; echo x > /dev/null',
      ),
      linux({
        devices: [
          { path: '/dev/mine', type: 'c', major: 1, minor: 5, fileMode: 0o640, uid: 12, gid: 13 },
          { path: '/dev/pipe', type: 'p' },
        ],
      }),
    );
    expect(lines).toEqual([
      '/dev/null character special file 1:3 666 0:0',
      '/dev/mine character special file 1:5 640 12:13',
      '/dev/pipe fifo 0:0 666 0:0',
      '/proc/self/fd',
      '/proc/self/fd/0',
      'pts/ptmx',
      '/proc/kcore',
    ]);
  });

  it('binds folders and files with the flags that are asked for', async () => {
    const source = join(stage.folder, 'source');
    mkdirSync(join(source, 'inner'), { recursive: true });
    writeFileSync(join(source, 'file'), 'text\n');
    const bind = (destination: string, ...options: string[]) => ({
      destination,
      type: 'bind',
      source,
      options: ['rbind', ...options],
    });
    const bundle = stage.bundle(
      sh(
        'cat /f; for p in a b c d e; do grep " /$p " /proc/self/mounts | cut -d\' \' -f2,4 | cut -d, -f1-4; done',
      ),
      addMount(
        bind('/a'),
        bind('/b', 'ro'),
        bind('/c', 'nosuid', 'nodev', 'noexec'),
        bind('/d', 'rro'),
        bind('e', 'noatime'),
        { destination: '/f', type: 'bind', source: '../source/file', options: ['bind', 'ro'] },
      ),
    );
    // a bind's folders are made where they are missing, so the root's own image is writable here
    const { stdout } = await stage.ok(['run', '-b', bundle, stage.id()]);
    expect(stdout).toMatch(
      /^text\n\/a rw\S*\n\/b ro\S*\n\/c rw,nosuid,nodev,noexec\n\/d ro\S*\n\/e rw,noatime\S*\n$/,
    );
    expect(statSync(join(bundle, 'rootfs/f')).isFile()).toBe(true);
  });

  it('mounts a tmpfs with its options', async () => {
    const lines = await stage.lines(
      sh("stat -c %a /tmp; grep ' /tmp ' /proc/self/mounts; touch /tmp/x; ls /tmp"),
      addMount({
        destination: '/tmp',
        type: 'tmpfs',
        source: 'tmpfs',
        options: ['size=64k', 'mode=1710', 'noexec'],
      }),
    );
    expect(lines[0]).toBe('1710');
    expect(lines[1]).toMatch(/^tmpfs \/tmp tmpfs rw,noexec,.*size=64k,mode=1710/);
    expect(lines[2]).toBe('x');
  });

  it('writes sysctls and the out-of-memory score', async () => {
    const lines = await stage.lines(
      sh(
        'cat /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/shm_rmid_forced /proc/self/oom_score_adj',
      ),
      linux({ sysctl: { 'net.ipv4.ip_forward': '1', 'kernel/shm_rmid_forced': '1' } }),
      process({ oomScoreAdj: 321 }),
    );
    expect(lines).toEqual(['1', '1', '321']);
  });

  it('forbids new privileges, or not', async () => {
    const line = setArgs('grep', 'NoNewPrivs', '/proc/self/status');
    expect(await stage.lines(line)).toEqual(['NoNewPrivs:\t1']);
    expect(await stage.lines(line, process({ noNewPrivileges: false }))).toEqual([
      'NoNewPrivs:\t0',
    ]);
  });

  it('is a member of its cgroups, whose path may be relative or absolute', async () => {
    const mounted = readFileSync('/proc/self/mountinfo', 'utf8');
    for (const cgroupsPath of [undefined, `/${stage.name}-dir/abs`, `${stage.name}-dir/rel`]) {
      const id = stage.id();
      const change = linux(cgroupsPath === undefined ? {} : { cgroupsPath });
      const bundle = stage.bundle(setArgs('cat', '/proc/self/cgroup'), change);
      const { stdout } = await stage.ok(['run', '-b', bundle, id]);
      const wanted = cgroupsPath ?? id;
      const lines = stdout
        .trim()
        .split('\n')
        // others may have hierarchies mounted that are not seen here
        .filter((line) => mounted.includes(line.split(':')[1] ?? ''));
      for (const line of lines) expect(line).toContain(wanted.replace(/^\//, ''));
      expect(cgroupsOf(id)).toEqual([]);
    }
    // a folder above its own is not ours to remove (runc leaves it, too)
    for (const path of cgroupsOf(`${stage.name}-dir`).toReversed())
      (await import('node:fs')).rmdirSync(path);
  });

  it('obeys device rules', async () => {
    const lines = await stage.lines(
      sh(
        'for d in null zero full mine; do head -c1 /dev/$d 2>&1 >/dev/null | cut -d: -f3 || true; echo $d; done',
      ),
      process({ capabilities: undefined }),
      linux({
        devices: [{ path: '/dev/mine', type: 'c', major: 1, minor: 11, fileMode: 0o666 }],
        resources: { devices: [{ allow: false, access: 'rwm' }] },
      }),
    );
    expect(lines).toEqual(['null', 'zero', 'full', ' Operation not permitted', 'mine']);
    const allowed = await stage.lines(
      sh('head -c1 /dev/mine > /dev/null 2>&1 && echo open || echo $?'),
      linux({
        devices: [{ path: '/dev/mine', type: 'c', major: 1, minor: 5, fileMode: 0o666 }],
        resources: {
          devices: [
            { allow: false, access: 'rwm' },
            { allow: true, type: 'c', major: 1, minor: 5, access: 'r' },
          ],
        },
      }),
    );
    expect(allowed).toEqual(['open']);
  });

  it('does without namespaces', async () => {
    const lines = await stage.lines(
      sh('readlink /proc/self/ns/net; readlink /proc/self/ns/uts'),
      without('network', 'uts', 'ipc'),
      (config) => {
        delete config.hostname;
        config.mounts = config.mounts.filter(({ type }) => type !== 'mqueue');
      },
    );
    expect(lines).toEqual([await hostNamespace('net'), await hostNamespace('uts')]);
  });
});

const withoutCgroup: Change = (config) => {
  config.mounts = config.mounts.filter(({ type }) => type !== 'cgroup');
};

async function hostNamespace(name: string): Promise<string> {
  const { readlinkSync } = await import('node:fs');
  return readlinkSync(`/proc/self/ns/${name}`);
}
