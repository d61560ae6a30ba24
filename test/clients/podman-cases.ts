/**
 * What is Podman's alone: pods, their description in Kubernetes' words, user namespaces, systemd in a container, and builds.
 */
import { deepEqual, equal, match, notEqual } from 'node:assert/strict';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cases } from './client.ts';
import type { Engine } from './engine.ts';

export const podmanCases: Cases<Engine> = {
  async 'a pod: namespaces that its containers share'(session) {
    const { ground, ok, runWords, id, inside, ways } = session;
    const pod = id();
    const from = ways.options.indexOf('--cgroup-parent');
    const parent = from < 0 ? [] : ways.options.slice(from);
    const words = ['pod', 'create', '--network', 'none', '--hostname', 'together', ...parent];
    await ok([...words, '--share', 'net,ipc,uts,pid', '--name', pod]);
    const member = (): string[] => {
      const all = runWords('--detach', '--network', 'own', '--pod', pod);
      return all.filter((word, at) => word !== '--network' && all[at - 1] !== '--network');
    };
    const one = (await ok([...member(), 'sleep', '1000'])).trim();
    const two = (await ok([...member(), 'sleep', '1000'])).trim();
    const show = 'for n in net ipc uts pid; do readlink /proc/self/ns/$n; done; hostname';
    equal(await inside(one, show), await inside(two, show));
    equal(await inside(two, 'hostname'), 'together\n');
    // the process of the pod, and two that sleep
    equal(await inside(one, 'ps | grep -c -E "[c]atatonit|[s]leep"'), '3\n');
    const states = async (): Promise<string> => {
      const list = await ok(['ps', '--filter', `pod=${pod}`, '--all', '--format', '{{.State}}']);
      // 4.3 says for how long
      return list.replaceAll(/ .*$/gm, '').replaceAll('Up', 'running').toLowerCase().trim();
    };
    equal(await states(), 'running\nrunning\nrunning');
    match(await ok(['pod', 'top', pod, 'comm']), /sleep/);
    if (ways.hasCgroups) {
      await ok(['pod', 'pause', pod]);
      equal(await states(), 'paused\npaused\npaused');
      await ok(['pod', 'unpause', pod]);
      match(await ok(['pod', 'stats', '--no-stream', pod]), new RegExp(one.slice(0, 12)));
    }
    await ok(['pod', 'stop', '--time', '0', pod]);
    equal(await states(), 'exited\nexited\nexited');
    await ok(['pod', 'start', pod]);
    equal(await inside(one, 'hostname'), 'together\n');
    await ok(['pod', 'rm', '--force', '--time', '0', pod]);
    await ground.until(
      'conmon to end',
      async () => (await ground.run(['pgrep', '-f', `conmon.*${one}`])).status === 1,
    );
  },

  async 'play kube'({ ground, ways, ok, image }) {
    const file = join(ground.folder, 'pod.yaml');
    writeFileSync(
      file,
      `apiVersion: v1
kind: Pod
metadata:
  name: played
spec:
  containers:
    - name: one
      image: ${image}
      imagePullPolicy: Never
      command: ["sh", "-c", "echo $A from one; sleep 1000"]
      env: [{ name: A, value: hello }]
      securityContext: { readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
      resources: { limits: { ${ways.hasCgroups ? 'memory: 64Mi' : ''} } }
    - name: two
      image: ${image}
      imagePullPolicy: Never
      command: ["sleep", "1000"]
      securityContext: { runAsUser: 1234 }
      volumeMounts: [{ name: shared, mountPath: /shared }]
  volumes: [{ name: shared, hostPath: { path: ${ground.folder}, type: Directory } }]
`,
    );
    await ok(['play', 'kube', '--network', 'none', file]);
    await ground.until('its log', async () => {
      const log = await ok(['logs', 'played-one']);
      return log === 'hello from one\n';
    });
    const script = 'touch /x 2>&1 | grep -o Read-only; grep CapEff /proc/self/status';
    equal(
      await ok(['exec', 'played-one', 'sh', '-c', script]),
      'Read-only\nCapEff:\t0000000000000000\n',
    );
    const second = 'id -u; test -f /shared/pod.yaml && echo shared';
    equal(await ok(['exec', 'played-two', 'sh', '-c', second]), '1234\nshared\n');
    await ok(['play', 'kube', '--down', file]);
    equal(await ok(['ps', '--all', '--quiet']), '');
  },

  async '--userns, --uidmap and --gidmap'({ sh }) {
    appendFileSync('/etc/passwd', 'containers:x:300000:300000::/:/bin/false\n');
    appendFileSync('/etc/subuid', 'containers:300000:200000\n');
    appendFileSync('/etc/subgid', 'containers:300000:200000\n');
    const script = 'id -u; cat /proc/self/uid_map /proc/self/gid_map; stat -c %u /bin/sh; touch /x';
    const numbers = async (...options: readonly string[]): Promise<string[]> =>
      (await sh(options, script)).trim().split(/\s+/);
    const maps = ['--uidmap', '0:100000:65536', '--gidmap', '0:200000:65536'];
    const mapped = ['0', '100000', '65536', '0', '200000', '65536'];
    deepEqual(await numbers(...maps), ['0', ...mapped, '0']);
    const auto = ['0', '300000', '1024', '0', '300000', '1024'];
    deepEqual(await numbers('--userns', 'auto:size=1024'), ['0', ...auto, '0']);
    const whole = await numbers('--userns', 'host');
    deepEqual(whole.slice(0, 4), ['0', '0', '0', '4294967295']);
  },

  async '--systemd: what it needs in a container'({
    ground,
    ways,
    sh,
    detached,
    inspect,
    inside,
    remove,
  }) {
    const group = ground.cgroup === 'v1' ? '/sys/fs/cgroup/systemd' : '/sys/fs/cgroup';
    const script = `grep -c -E ' /(run|run/lock|tmp|var/log/journal) tmpfs ' /proc/self/mounts
      grep ' ${group} ' /proc/self/mounts | tail -n 1 | cut -d ' ' -f 4 | cut -c 1-2; echo $container`;
    equal(await sh(['--systemd', 'always'], script), '4\nrw\npodman\n');
    const one = await detached(['--systemd', 'always']);
    match(await inspect(one, '{{.Config.StopSignal}}'), /37|RTMIN/);
    // on v1 this is the host's
    const below = `${group}/${ground.name}-below`;
    if (ways.hasCgroups)
      equal(await inside(one, `mkdir ${below} && rmdir ${below} && echo made`), 'made\n');
    await remove(one);
  },

  async 'health checks'({ call, detached, inspect, inside, remove }) {
    const check = ['--health-cmd', 'test -e /tmp/well || { echo ill; exit 1; }'];
    const one = await detached([...check, '--health-interval', 'disable', '--health-retries', '1']);
    equal((await call(['healthcheck', 'run', one])).status, 1);
    equal(await inspect(one, '{{.State.Health.Status}}'), 'unhealthy');
    await inside(one, 'touch /tmp/well');
    equal((await call(['healthcheck', 'run', one])).status, 0);
    equal(await inspect(one, '{{.State.Health.Status}}'), 'healthy');
    await remove(one);
  },

  async '--preserve-fds and --pidfile'({ ground, command, runWords, give }) {
    const folder = join(ground.folder, 'descriptors');
    mkdirSync(folder);
    const pidFile = join(folder, 'pid');
    const given = join(folder, 'given');
    writeFileSync(given, 'given\n');
    give(folder);
    const options = ['--preserve-fds', '1', '--pidfile', pidFile];
    const words = [...command, ...runWords('--rm', ...options)];
    const script = 'cat <&3; ls /proc/self/fd';
    const all = ['sh', '-c', 'exec "$@" 3<"$0"', given, ...words, 'sh', '-c', script];
    const { stdout } = await ground.ok(all);
    // and the one by which ls reads
    equal(stdout, 'given\n0\n1\n2\n3\n4\n');
    match(readFileSync(pidFile, 'utf8'), /^\d+$/);
  },

  async build({ ground, call, ok, image, ways }) {
    const folder = join(ground.folder, 'build');
    mkdirSync(folder);
    const file = join(folder, 'Containerfile');
    writeFileSync(
      file,
      `FROM ${image}
WORKDIR /made
COPY hello .
RUN cat hello >all && id -u >>all && chmod 777 .
USER 1000
RUN id -u >user
CMD ["sh", "-c", "cat all user"]
`,
    );
    writeFileSync(join(folder, 'hello'), 'hello\n');
    const words = ['build', '--isolation', 'oci', '--network', 'none', '--pull-never'];
    await ok([...words, '--tag', 'built', folder]);
    const run = ['run', '--rm', '--network', 'none', ...ways.options, 'built'];
    equal(await ok(run), 'hello\n0\n1000\n');
    writeFileSync(file, `FROM ${image}\nRUN exit 9\n`);
    const bad = await call([...words, folder]);
    notEqual(bad.status, 0);
    match(bad.stderr, /exit status 9/);
  },
};
