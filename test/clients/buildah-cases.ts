/**
 * What Buildah asks of a runtime: a command in a working container, and the steps of a build.
 */
import { deepEqual, equal, match, notEqual } from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Buildah } from './buildah.ts';
import type { Cases } from './client.ts';
import { weightsOf512 } from './processes.ts';

function context({ ground, give }: Buildah, name: string, file: string): string {
  const folder = join(ground.folder, name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'Containerfile'), file);
  writeFileSync(join(folder, 'hello'), 'hello\n');
  give(folder);
  return folder;
}

/** What needs no more rights than any user has. */
export const commonCases: Cases<Buildah> = {
  async 'run: input, output and exit status'({ call, ok, from, runWords }) {
    const one = await from();
    const script = 'cat; echo err >&2; exit 7';
    const ended = await call([...runWords(), one, 'sh', '-c', script], { input: 'in' });
    equal(ended.stdout, 'in');
    match(ended.stderr, /^err$/m);
    equal(ended.status, 7);
    await ok(['rm', one]);
  },

  async 'run: on a terminal'({ call, ok, from, runWords }) {
    const one = await from();
    const words = [...runWords('--tty'), one, 'sh', '-c', 'tty; exit 3'];
    const { status, stdout } = await call(words, { terminal: true });
    match(stdout, /\/dev\/pts\/0\r/);
    equal(status, 3);
    await ok(['rm', one]);
  },

  async 'run: programs that cannot be started'({ call, ok, from, runWords }) {
    const one = await from();
    const missing = await call([...runWords(), one, 'nowhere']);
    notEqual(missing.status, 0);
    match(missing.stderr, /exec: \\?"nowhere\\?": executable file not found in \$PATH/);
    const refused = await call([...runWords(), one, '/etc/passwd']);
    notEqual(refused.status, 0);
    match(refused.stderr, /exec: \\?"\/etc\/passwd\\?": permission denied/);
    await ok(['rm', one]);
  },

  async 'run: user, folder, environment, capabilities, mounts'(session) {
    const { ground, give, ok, from, runWords } = session;
    const one = await from();
    const config = ['--workingdir', '/home/user', '--env', 'A=b', '--hostname', 'box'];
    await ok(['config', ...config, one]);
    const shared = join(ground.folder, 'shared');
    mkdirSync(shared);
    writeFileSync(join(shared, 'in'), 'from outside\n');
    give(shared);
    const mounts = ['--volume', `${shared}:/w`, '--mount', 'type=tmpfs,destination=/t'];
    const script = `id -u; pwd; echo $A; hostname; grep CapEff /proc/self/status
      cat /w/in; echo inside >/w/out; grep -c ' /t tmpfs ' /proc/self/mounts; echo $(grep -o '[^ ]*:' /proc/net/dev); ls /proc/self/fd | wc -l`;
    const options = ['--cap-drop', 'CAP_CHOWN', '--cap-add', 'CAP_NET_RAW', ...mounts];
    const stdout = await ok([...runWords(...options), one, 'sh', '-c', script]);
    const lines = ['0', '/home/user', 'b', 'box', 'CapEff:\t00000000800425fa', 'from outside', '1'];
    // of descriptors 0, 1 and 2, and one of ls
    deepEqual(stdout.trim().split('\n'), [...lines, 'lo:', '4']);
    equal(readFileSync(join(shared, 'out'), 'utf8'), 'inside\n');
    const user = await ok([...runWords('--user', '1234:2345'), one, 'sh', '-c', 'id -u; id -g']);
    equal(user, '1234\n2345\n');
    await ok(['rm', one]);
  },

  async 'bud: stages, mounts, a user, and what they leave'(session) {
    const { ok, from, budWords, runWords, image } = session;
    const folder = context(
      session,
      'build',
      `FROM ${image} AS first
WORKDIR /made
COPY hello .
RUN --mount=type=tmpfs,target=/scratch cat hello >all && id -u >>all && touch /scratch/x
RUN --mount=type=bind,source=hello,target=/given cat /given >>all
FROM ${image}
COPY --from=first /made/all /all
RUN mkdir /open && chmod 777 /open
USER 1000
RUN id -u >/open/user
`,
    );
    await ok([...budWords('--layers', '--tag', 'built'), folder]);
    const one = (await ok(['from', '--pull-never', '--network', 'none', 'built'])).trim();
    equal(await ok([...runWords(), one, 'cat', '/all', '/open/user']), 'hello\n0\nhello\n1000\n');
    await ok(['rm', one]);
    // once more: all is kept
    match(await ok([...budWords('--layers'), folder]), /Using cache/);
    const two = await from();
    await ok([...runWords(), two, 'sh', '-c', 'echo kept >/kept']);
    await ok(['commit', two, 'committed']);
    equal((await ok(['images', '--quiet', 'committed'])).trim() === '', false);
    await ok(['rm', two]);
  },

  async 'bud: a step that fails'(session) {
    const { call, budWords, image } = session;
    const folder = context(session, 'bad', `FROM ${image}\nRUN exit 9\n`);
    const { status, stderr } = await call([...budWords(), folder]);
    equal(status, 9);
    match(stderr, /exit status 9/);
  },
};

export const buildahCases: Cases<Buildah> = {
  ...commonCases,

  async 'run: what the working container was made with'({ ground, ok, from, runWords }) {
    const limits = ['--memory', '64m', '--cpu-shares', '512', '--ulimit', 'nofile=100:200'];
    const one = await from(...limits, '--security-opt', 'seccomp=unconfined');
    const files =
      ground.cgroup === 'v1'
        ? 'memory/memory.limit_in_bytes cpu/cpu.shares'
        : 'memory.max cpu.weight';
    const script = `ulimit -Sn; ulimit -Hn; grep ^Seccomp: /proc/self/status; cd /sys/fs/cgroup; cat ${files}`;
    const stdout = await ok([...runWords(), one, 'sh', '-c', script]);
    const [weight = '', ...others] = stdout.trim().split('\n').toReversed();
    deepEqual(others.toReversed(), ['100', '200', 'Seccomp:\t0', '67108864']);
    equal((ground.cgroup === 'v1' ? ['512'] : weightsOf512).includes(weight), true, weight);
    await ok(['rm', one]);
  },

  async 'bud: limits'(session) {
    const { ground, ok, budWords, image } = session;
    const file = ground.cgroup === 'v1' ? 'memory/memory.limit_in_bytes' : 'memory.max';
    const folder = context(session, 'limited', `FROM ${image}\nRUN cat /sys/fs/cgroup/${file}\n`);
    match(await ok([...budWords('--memory', '64m'), folder]), /^67108864$/m);
  },
};
