/**
 * What containerd asks of a runtime during a container's life.
 */
import { deepEqual, equal, match, notEqual, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Cases } from './client.ts';
import { skip } from './client.ts';
import type { Containerd } from './containerd.ts';
import { openService } from './grpc.ts';
import { controlFile, isAlive, readOr, shimOf } from './processes.ts';

interface TaskCalls extends Record<string, readonly [object, object]> {
  Update: [
    {
      readonly container_id: string;
      readonly resources: { readonly type_url: string; readonly value: Uint8Array };
    },
    object,
  ];
}

export const lifeCases: Cases<Containerd> = {
  async 'create and start apart'({ ok: done, image, id, status, remove, state }) {
    const one = id();
    await done(['container', 'create', image, one, 'sleep', '1000']);
    await done(['task', 'start', '--detach', one]);
    equal(await status(one), 'RUNNING');
    equal((await state(one)).status, 0);
    await remove(one);
  },

  async 'exec: output, input and exit status'({ ctr, detached, remove }) {
    const one = await detached();
    const exec = ['task', 'exec', '--exec-id'];
    const script = 'cat; echo err >&2; exit 5';
    const ended = await ctr([...exec, 'a', one, 'sh', '-c', script], { input: 'in' });
    deepEqual(ended, { status: 5, stdout: 'in', stderr: 'err\n' });
    const options = ['--cwd', '/tmp', '--user', '1000'];
    const second = await ctr([...exec, 'b', ...options, one, 'sh', '-c', 'pwd; id -u']);
    deepEqual(second, { status: 0, stdout: '/tmp\n1000\n', stderr: '' });
    await remove(one);
  },

  async 'exec: on a terminal'({ ctr, detached, remove }) {
    const one = await detached();
    const words = ['task', 'exec', '--tty', '--exec-id', 'a', one, 'sh', '-c', 'tty; exit 6'];
    const { status, stdout } = await ctr(words, { terminal: true });
    match(stdout, /\/dev\/pts\/\d+\r/);
    equal(status, 6);
    await remove(one);
  },

  async 'exec: a program that is not there'({ ctr, detached, remove, status }) {
    const one = await detached();
    const { status: exit, stderr } = await ctr(['task', 'exec', '--exec-id', 'a', one, 'nowhere']);
    notEqual(exit, 0);
    match(stderr, /executable file not found in \$PATH/);
    equal(await status(one), 'RUNNING');
    await remove(one);
  },

  async 'kill: the signal arrives, and the exit status comes back'(session) {
    const { ctr, ok: done, runWords, id, ground, status } = session;
    const one = id();
    const script = 'trap "exit 9" TERM; while :; do usleep 10000; done';
    const foreground = ctr([...runWords('--rm'), one, 'sh', '-c', script]);
    await ground.until('the task', async () => (await status(one)) === 'RUNNING');
    // the shell may not have come to its trap yet: as process 1 it does not hear the signal until then
    await ground.until('the trap', async () => {
      const { stdout } = await ctr([
        'task',
        'exec',
        '--exec-id',
        `x${Date.now()}`,
        one,
        'grep',
        'SigCgt',
        '/proc/1/status',
      ]);
      return (BigInt(`0x${stdout.split('\t')[1]?.trim() ?? '0'}`) >> 14n) & 1n;
    });
    await done(['task', 'kill', '--signal', 'SIGTERM', one]);
    equal((await foreground).status, 9);
  },

  async 'kill: all processes of a container, which then is stopped'(session) {
    const { ok: done, detached, ground, status, state } = session;
    const one = await detached([], ['sh', '-c', 'sleep 1000 & sleep 1000']);
    await done(['task', 'kill', '--all', '--signal', 'SIGKILL', one]);
    await ground.until('the end', async () => (await status(one)) === 'STOPPED');
    match((await state(one)).stdout, /"status": "stopped"/);
    await done(['task', 'rm', one]);
    await done(['container', 'rm', one]);
  },

  async 'pause and resume'({ ok: done, ctr, detached, status, state, remove }) {
    const one = await detached();
    await done(['task', 'pause', one]);
    equal(await status(one), 'PAUSED');
    match((await state(one)).stdout, /"status": "paused"/);
    notEqual((await ctr(['task', 'exec', '--exec-id', 'a', one, 'true'])).status, 0);
    await done(['task', 'resume', one]);
    equal(await status(one), 'RUNNING');
    await done(['task', 'exec', '--exec-id', 'b', one, 'true']);
    await remove(one);
  },

  async 'a paused container is removed by force'({ ok: done, detached, remove, state }) {
    const one = await detached();
    await done(['task', 'pause', one]);
    await remove(one);
    notEqual((await state(one)).status, 0);
  },

  async metrics({ ok: done, detached, ground, remove }) {
    const one = await detached();
    const { stdout } = await done(['task', 'metrics', one]);
    const value = (name: string): number =>
      Number(new RegExp(`^${name}\\s+(\\d+)`, 'm').exec(stdout)?.[1]);
    const memory = ground.cgroup === 'v1' ? 'memory.usage_in_bytes' : 'memory.usage';
    ok(value(memory) > 0, stdout);
    equal(value('pids.current'), 1);
    await remove(one);
  },

  async ps({ ground, ok: done, detached, remove }) {
    const one = await detached([], ['sh', '-c', 'sleep 1000 & sleep 1000 & wait']);
    const names = async (): Promise<string[]> => {
      const { stdout } = await done(['task', 'ps', one]);
      const lines = stdout.trim().split('\n').slice(1);
      const pids = lines.map((line) => line.split(/\s+/)[0] ?? '');
      return pids.map((pid) => readOr(`/proc/${pid}/comm`, '').trim()).toSorted();
    };
    // the shell takes a moment to start them
    await ground.until('two of them', async () => (await names()).join(' ') === 'sh sleep sleep');
    await remove(one);
  },

  async 'update: limits of a running container'({ ground, detached, socket, state, remove }) {
    const one = await detached(['--memory-limit', '67108864']);
    const tasks = openService<TaskCalls>({
      socket,
      proto: 'tasks.proto',
      name: 'containerd.services.tasks.v1.Tasks',
      headers: { 'containerd-namespace': ground.name },
    });
    const resources = { memory: { limit: 134_217_728 }, pids: { limit: 55 } };
    await tasks.call('Update', {
      container_id: one,
      resources: {
        type_url: 'types.containerd.io/opencontainers/runtime-spec/1/LinuxResources',
        value: Buffer.from(JSON.stringify(resources)),
      },
    });
    tasks.close();
    const { pid } = JSON.parse((await state(one)).stdout);
    const [memory, file] =
      ground.cgroup === 'v1' ? ['memory', 'memory.limit_in_bytes'] : ['', 'memory.max'];
    equal(controlFile(pid, memory, file), '134217728');
    equal(controlFile(pid, ground.cgroup === 'v1' ? 'pids' : '', 'pids.max'), '55');
    await remove(one);
  },

  async '30 containers at once'({ detached, status, remove, ok: done }) {
    const all = await Promise.all(Array.from({ length: 30 }, () => detached()));
    const { stdout } = await done(['task', 'ls']);
    equal(stdout.match(/RUNNING/g)?.length, 30);
    await Promise.all(all.map((one) => remove(one)));
    equal(await status(all[0] ?? ''), undefined);
  },

  async 'a container outlives the daemon, which finds it again'(session) {
    const { detached, restart, status, ok: done, remove } = session;
    const one = await detached();
    await restart();
    equal(await status(one), 'RUNNING');
    const { stdout } = await done([
      'task',
      'exec',
      '--exec-id',
      'a',
      one,
      'sh',
      '-c',
      'echo still here',
    ]);
    equal(stdout, 'still here\n');
    await remove(one);
  },

  async 'the shim is killed: the container goes, and all of it'(session) {
    const { detached, ground, ok: done, state, status } = session;
    const one = await detached();
    const init = JSON.parse((await state(one)).stdout).pid;
    const shim = shimOf(one);
    ok(shim !== undefined, 'no shim');
    process.kill(shim, 'SIGKILL');
    await ground.until('the task to go', async () => (await status(one)) === undefined);
    await ground.until('the container to go', async () => (await state(one)).status !== 0);
    await ground.until('its process to end', () => !isAlive(init));
    await done(['container', 'rm', one]);
  },

  async 'cgroups made by systemd'({ ground, detached, state, remove }) {
    if (!ground.systemd) skip('systemd is not process 1 here');
    const group = `system.slice:${ground.name}:one`;
    const one = await detached(['--runc-systemd-cgroup', '--cgroup', group]);
    const { pid } = JSON.parse((await state(one)).stdout);
    match(readFileSync(`/proc/${pid}/cgroup`, 'utf8'), new RegExp(`${ground.name}-one.scope`));
    await remove(one);
  },
};
