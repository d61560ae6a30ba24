/**
 * What a `docker run` or a `podman run` asks of a runtime.
 */
import { deepEqual, equal, match, notEqual } from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Cases, skip } from './client.ts';
import { type Engine, noCgroups } from './engine.ts';
import { weightsOf512 } from './processes.ts';

export const runCases: Cases<Engine> = {
  async 'run: input, output and exit status'({ call, runWords }) {
    const script = 'cat; echo err >&2; exit 7';
    const words = [...runWords('--rm', '--interactive'), 'sh', '-c', script];
    const ended = await call(words, { input: 'in' });
    deepEqual(ended, { status: 7, stdout: 'in', stderr: 'err\n' });
  },

  async 'run: on a terminal (-it)'({ call, runWords }) {
    const words = [...runWords('--rm', '-it'), 'sh', '-c', 'tty; exit 3'];
    const { status, stdout } = await call(words, { terminal: true });
    match(stdout, /\/dev\/pts\/0\r/);
    equal(status, 3);
  },

  async 'run: it is this runtime that has made the container'(session) {
    const { detached, wholeId, state, remove } = session;
    const one = await detached();
    const whole = await wholeId(one);
    const { status, stdout, stderr } = await state(whole);
    equal(status, 0, stderr);
    match(stdout, /"status": "running"/);
    await remove(one);
    notEqual((await state(whole)).status, 0);
  },

  async 'run: programs that cannot be started end with 127 and 126'({ call, ways, runWords }) {
    const failed = async (options: readonly string[], program: string): Promise<string> => {
      const { status, stderr } = await call([...runWords('--rm', ...options), program]);
      return `${status} ${stderr}`;
    };
    match(await failed([], 'nowhere'), /^127 .*exec: "?nowhere"?: executable file not found in/s);
    match(await failed([], '/no/where'), /^127 .*no such file or directory/is);
    match(await failed([], '/etc/passwd'), /^126 .*exec: "?\/etc\/passwd"?: permission denied/s);
    const refused = await failed(['--sysctl', 'kernel.msgmax=many'], 'true');
    match(refused, new RegExp(`^${ways.refused} .*invalid argument`, 's'));
  },

  async 'run: user, groups, folder, environment, names of the host'({ sh, ways }) {
    const user = ['--user', '1234:2345', '--group-add', '3456', '--workdir', '/tmp'];
    const names = ['--hostname', 'box', '--add-host', 'other:10.0.0.9'];
    const script =
      'id -u; id -g; id -G; pwd; echo $A; hostname; cat /proc/sys/kernel/domainname; grep other /etc/hosts';
    const stdout = await sh([...user, ...names, ...ways.domain, '--env', 'A=b'], script);
    const expected = `1234\n2345\n2345 3456\n/tmp\nb\nbox\n${ways.domain.at(1) ?? '(none)'}\n10.0.0.9\tother\n`;
    equal(stdout, expected);
    equal(await sh(['--user', 'user'], 'id -u; echo $HOME'), '1000\n/home/user\n');
  },

  async 'run: limits (--memory, --cpus, --pids-limit and others)'({ ground, ways, sh }) {
    if (!ways.hasCgroups) skip(noCgroups);
    const limits = ['--memory', '64m', '--memory-reservation', '32m', '--memory-swap', '64m'];
    const others = ['--cpus', '0.5', '--cpuset-cpus', '0', '--cpu-shares', '512'];
    const v1 = [
      'memory/memory.limit_in_bytes memory/memory.soft_limit_in_bytes memory/memory.memsw.limit_in_bytes',
      'cpu/cpu.cfs_quota_us cpu/cpu.shares cpuset/cpuset.cpus pids/pids.max',
    ];
    const v2 = ['memory.max memory.low memory.swap.max cpu.max cpu.weight cpuset.cpus pids.max'];
    const files = (ground.cgroup === 'v1' ? v1 : v2).join(' ');
    const stdout = await sh(
      [...limits, ...others, '--pids-limit', '33'],
      `cd /sys/fs/cgroup; cat ${files}`,
    );
    const expected =
      ground.cgroup === 'v1'
        ? ['67108864', '33554432', '67108864', '50000', '512', '0', '33']
        : ['67108864', '33554432', '0', '50000 100000', 'weight', '0', '33'];
    const lines = stdout.trim().split('\n');
    deepEqual(
      lines.map((line, at) =>
        expected[at] === 'weight' && weightsOf512.includes(line) ? 'weight' : line,
      ),
      expected,
    );
  },

  async 'run: --ulimit and --sysctl'({ sh }) {
    // where nothing is said of nproc Podman asks for more than a host may give
    const limits = ['nofile=100:200', 'core=0', 'nproc=900:1000'].flatMap((one) => [
      '--ulimit',
      one,
    ]);
    const sysctls = ['--sysctl', 'net.ipv4.ip_forward=1', '--sysctl', 'kernel.msgmax=4096'];
    const script = `ulimit -Sn; ulimit -Hn; ulimit -c; grep -c -E 'processes +900 +1000 ' /proc/self/limits
      cat /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/msgmax`;
    equal(await sh([...limits, ...sysctls], script), '100\n200\n0\n1\n1\n4096\n');
  },

  async 'run: --read-only, --tmpfs and --shm-size'({ sh }) {
    const options = ['--tmpfs', '/small:size=1m,mode=700,noexec', '--shm-size', '2m'];
    const script = `touch /file 2>&1; touch /small/file; stat -c %a /small
      grep -E ' /(small|dev/shm) ' /proc/self/mounts; touch /dev/shm/file && echo end`;
    const lines = (await sh(['--read-only', ...options], script)).split('\n');
    equal(lines[0], 'touch: /file: Read-only file system');
    equal(lines[1], '700');
    match(lines.join('\n'), /\/dev\/shm tmpfs rw\S*,size=2048k/);
    match(lines.join('\n'), /\/small tmpfs rw\S*noexec\S*,size=1024k,mode=700/);
    equal(lines[4], 'end');
  },

  async 'run: folders and volumes, read-only and writable'({ ground, ok, sh, give }) {
    const folder = join(ground.folder, 'shared');
    mkdirSync(folder);
    writeFileSync(join(folder, 'in'), 'from outside\n');
    give(folder);
    const mount = `type=bind,source=${folder},target=/m,readonly,bind-propagation=rprivate`;
    const options = ['-v', `${folder}:/r:ro`, '-v', `${folder}:/w`, '--mount', mount];
    const script =
      'cat /r/in /m/in; echo inside >/w/out; touch /r/x 2>/dev/null || touch /m/x 2>/dev/null || echo refused';
    equal(await sh(options, script), 'from outside\nfrom outside\nrefused\n');
    equal(readFileSync(join(folder, 'out'), 'utf8'), 'inside\n');
    deepEqual(readdirSync(folder).toSorted(), ['in', 'out']);
    // what is in the image appears in a new volume
    await sh(['-v', 'kept:/home'], 'test -d /home/user && echo data >/home/file');
    equal(await sh(['-v', 'kept:/somewhere:ro'], 'cat /somewhere/file'), 'data\n');
    await ok(['volume', 'rm', 'kept']);
  },

  async 'run: namespaces of the host and of another container'(session) {
    const { ground, detached, sh, pid, remove } = session;
    const one = await detached(['--ipc', 'shareable']);
    const own = await pid(one);
    const joined = ['pid', 'ipc'].flatMap((kind) => [`--${kind}`, `container:${one}`]);
    const link = async (process: number | 'self', kind: string): Promise<string> =>
      (await ground.ok(['readlink', `/proc/${process}/ns/${kind}`])).stdout;
    const show = (...kinds: readonly string[]): string =>
      kinds.map((kind) => `readlink /proc/self/ns/${kind}`).join('; ');
    const other = await sh(['--network', `container:${one}`, ...joined], show('pid', 'ipc', 'net'));
    const all = [await link(own, 'pid'), await link(own, 'ipc'), await link(own, 'net')];
    equal(other, all.join(''));
    const host = ['--network', 'host', '--uts', 'host', '--pid', 'host', '--ipc', 'host'];
    const hosts = await sh(host, show('pid', 'ipc', 'net', 'uts'));
    const mine = [await link('self', 'pid'), await link('self', 'ipc'), await link('self', 'net')];
    equal(hosts, [...mine, await link('self', 'uts')].join(''));
    await remove(one);
  },

  async 'run: two containers on a network of their own'(session) {
    const { ground, ways, ok, detached, remove, sh } = session;
    await ok(['network', 'create', ...ways.network, '--subnet', '10.99.8.0/24', ground.name]);
    const net = ['--network', ground.name];
    const server = ['nc', '-l', '-p', '7000', '-e', 'echo', 'hello from a container'];
    const one = await detached([...net, '--ip', '10.99.8.9'], server);
    const script = 'ip -4 -o addr show eth0 | grep -c 10.99.8; nc 10.99.8.9 7000';
    equal(await sh([...net], script), '1\nhello from a container\n');
    await remove(one);
    await ok(['network', 'rm', ground.name]);
  },

  async 'run: --init'({ ways, detached, inside, pid, ok, remove }) {
    const one = await detached(['--init'], ['sh', '-c', '(sleep 0.1 &); exec sleep 1000']);
    equal(await inside(one, 'cat /proc/1/comm'), `${ways.init}\n`);
    match(
      await ok(['top', one, ...ways.top]),
      new RegExp(`^${await pid(one)}\\s+${ways.init}$`, 'm'),
    );
    await remove(one);
  },

  async 'run: 20 containers at once'({ detached, ok, remove }) {
    const all = await Promise.all(Array.from({ length: 20 }, () => detached()));
    const running = await ok(['ps', '--quiet', '--filter', 'status=running']);
    equal(running.trim().split('\n').length, 20);
    await remove(...all);
  },
};
