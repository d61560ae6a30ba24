/**
 * What an engine asks of a runtime during a container's life.
 */
import { deepEqual, equal, match, notEqual, ok as truthy } from 'node:assert/strict';
import { type Cases, skip } from './client.ts';
import { type Engine, noCgroups } from './engine.ts';
import { controlFile, isAlive } from './processes.ts';

/** Process 1 that ends with 9 at SIGTERM, and says when it is ready for it. */
const trapping = ['sh', '-c', 'trap "exit 9" TERM; echo ready; while :; do usleep 10000; done'];

async function untilReady({ ground, ok }: Engine, id: string): Promise<void> {
  await ground.until('the trap', async () => (await ok(['logs', id])).includes('ready'));
}

export const lifeCases: Cases<Engine> = {
  async 'exec: input, output, exit status, user and folder'({ call, detached, inside, remove }) {
    const one = await detached();
    const script = 'cat; echo err >&2; exit 5';
    const ended = await call(['exec', '-i', one, 'sh', '-c', script], { input: 'in' });
    deepEqual(ended, { status: 5, stdout: 'in', stderr: 'err\n' });
    const options = ['-u', '1000:7', '-w', '/tmp', '-e', 'A=b'];
    const other = await call(['exec', ...options, one, 'sh', '-c', 'id -u; id -g; pwd; echo $A']);
    deepEqual(other, { status: 0, stdout: '1000\n7\n/tmp\nb\n', stderr: '' });
    equal((await call(['exec', '-d', one, 'touch', '/tmp/detached'])).status, 0);
    equal(await inside(one, 'while ! test -e /tmp/detached; do usleep 9999; done; echo d'), 'd\n');
    equal((await call(['exec', '--privileged', one, 'true'])).stderr, '');
    await remove(one);
  },

  async 'exec: on a terminal'({ call, detached, remove }) {
    const one = await detached();
    const words = ['exec', '-it', one, 'sh', '-c', 'tty; exit 6'];
    const { status, stdout } = await call(words, { terminal: true });
    match(stdout, /\/dev\/pts\/\d+\r/);
    equal(status, 6);
    await remove(one);
  },

  async 'exec: programs that cannot be started'(session) {
    const { call, detached, inspect, remove } = session;
    const one = await detached();
    const missing = await call(['exec', one, 'nowhere']);
    // Docker 20.10 does not look at why
    match(String(missing.status), /^12[67]$/);
    match(missing.stdout + missing.stderr, /exec: "nowhere": executable file not found in \$PATH/);
    const refused = await call(['exec', one, '/etc/passwd']);
    equal(refused.status, 126, refused.stderr);
    equal(await inspect(one, '{{.State.Status}}'), 'running');
    await remove(one);
  },

  async 'logs, followed to the end'({ call, detached, remove }) {
    const one = await detached([], ['sh', '-c', 'echo out; echo err >&2; usleep 300000; echo end']);
    const { stdout, stderr } = await call(['logs', '--follow', one]);
    deepEqual([stdout, stderr], ['out\nend\n', 'err\n']);
    await remove(one);
  },

  async 'create, attach, start, wait, cp and diff'({ call, ok, ways, id, image, remove }) {
    const one = id();
    const words = ['create', ...ways.options, '--network', 'none', '-i', '--name', one, image];
    await ok([...words, 'sh', '-c', 'cat >/new; cat /new; exit 4']);
    const ended = await call(['start', '--attach', '--interactive', one], { input: 'hello' });
    deepEqual(ended, { status: 4, stdout: 'hello', stderr: '' });
    equal(await ok(['wait', one]), '4\n');
    match(await ok(['diff', one]), /^A \/new$/m);
    match(await ok(['cp', `${one}:/new`, '-']), /hello/);
    await remove(one);
  },

  async 'top and stats'({ ground, ok, ways, detached, pid, remove }) {
    if (!ways.hasCgroups) skip(noCgroups);
    const one = await detached(['--memory', '64m'], ['sh', '-c', 'sleep 1000 & sleep 1000 & wait']);
    const rows = async (): Promise<string[]> =>
      (await ok(['top', one, ...ways.top])).trim().split('\n').slice(1);
    // the shell takes a moment to start them
    const lines = await ground.until('three of them', async () => {
      const found = await rows();
      return found.filter((line) => line.endsWith('sleep')).length === 2 ? found : undefined;
    });
    equal(lines.length, 3);
    const pids = lines.map((line) => Number(line.trim().split(/\s+/)[0]));
    truthy(pids.includes(await pid(one)), lines.join('\n'));
    const format = '{{.PIDs}} {{.MemUsage}} {{.MemPerc}}';
    const stats = await ok(['stats', '--no-stream', '--format', format, one]);
    match(stats, /^3 [\d.]+[kKM]?i?B \/ (64MiB|67.11MB) (?!0\.00)[\d.]+%\n$/);
    await remove(one);
  },

  async 'pause and unpause'(session) {
    const { call, ok, ways, detached, inspect, wholeId, state, inside, remove } = session;
    if (!ways.hasCgroups) skip(noCgroups);
    const one = await detached();
    await ok(['pause', one]);
    equal(await inspect(one, '{{.State.Status}}'), 'paused');
    match((await state(await wholeId(one))).stdout, /"status": "paused"/);
    notEqual((await call(['exec', one, 'true'])).status, 0);
    await ok(['unpause', one]);
    equal(await inside(one, 'echo awake'), 'awake\n');
    await ok(['pause', one]);
    await remove(one);
  },

  async 'update: limits of a running container'({ ground, ok, ways, detached, pid, remove }) {
    if (!ways.hasCgroups) skip(noCgroups);
    const one = await detached(['--memory', '64m', '--memory-swap', '64m', '--pids-limit', '30']);
    await ok(['update', ...ways.update, one]);
    const self = await pid(one);
    const v1 = ground.cgroup === 'v1';
    const read = (controller: string, first: string, second: string): string =>
      v1 ? controlFile(self, controller, first) : controlFile(self, '', second);
    equal(read('memory', 'memory.limit_in_bytes', 'memory.max'), '134217728');
    const pids = ways.update.includes('--pids-limit') ? '55' : '30';
    equal(read('pids', 'pids.max', 'pids.max'), pids);
    equal(read('cpu', 'cpu.cfs_quota_us', 'cpu.max'), v1 ? '25000' : '25000 100000');
    await remove(one);
  },

  async 'kill, stop and stop with a limit'(session) {
    const { ok, detached, inspect, remove } = session;
    const code = (id: string): Promise<string> =>
      inspect(id, '{{.State.Status}} {{.State.ExitCode}}');
    const one = await detached([], trapping);
    await untilReady(session, one);
    await ok(['stop', one]);
    equal(await code(one), 'exited 9');
    await ok(['start', one]);
    await session.ground.until('the trap', async () =>
      /ready\nready/.test(await ok(['logs', one])),
    );
    await ok(['kill', '--signal', 'TERM', one]);
    equal(await ok(['wait', one]), '9\n');
    // nobody hears this one's SIGTERM
    const two = await detached();
    await ok(['stop', '--time', '1', two]);
    equal(await code(two), 'exited 137');
    const three = await detached();
    await ok(['kill', three]);
    equal(await ok(['wait', three]), '137\n');
    await remove(one, two, three);
  },

  async 'restart, and restart policies'(session) {
    const { ground, call, ok, detached, inspect, pid, remove } = session;
    const one = await detached(['--restart', 'always']);
    const first = await pid(one);
    await ok(['restart', '--time', '0', one]);
    const second = await pid(one);
    truthy(second > 0 && second !== first);
    // by itself
    process.kill(second, 'SIGKILL');
    await ground.until('another process', async () => {
      const now = await pid(one);
      return now > 0 && now !== second && isAlive(now);
    });
    equal(await inspect(one, '{{.RestartCount}}'), '1');
    await remove(one);
    const two = await detached(['--restart', 'on-failure:2'], ['sh', '-c', 'echo turn; exit 1']);
    // between two turns Podman may look for a process that has just gone
    const format = ['--format', '{{.State.Status}} {{.RestartCount}}'];
    await ground.until(
      'the last turn',
      async () => (await call(['inspect', ...format, two])).stdout === 'exited 2\n',
    );
    equal(await ok(['logs', two]), 'turn\nturn\nturn\n');
    await remove(two);
  },

  async 'a container that is removed by force is gone, and all of it'(session) {
    const { ground, detached, pid, wholeId, state, remove } = session;
    const one = await detached([], ['sh', '-c', 'sleep 1000 & sleep 1000']);
    const whole = await wholeId(one);
    const self = await pid(one);
    await remove(one);
    await ground.until('its process to end', () => !isAlive(self));
    notEqual((await state(whole)).status, 0);
  },
};
