/**
 * A container's life, call by call.
 */
import { deepEqual, equal, match, notEqual, ok, rejects } from 'node:assert/strict';
import type { Cases } from './client.ts';
import type { Cri } from './cri.ts';
import { controlFile, shimOf } from './processes.ts';

export const lifeCases: Cases<Cri> = {
  async 'created, started, listed, stopped, removed'({ pod, call, state }) {
    const one = await pod();
    const a = await one.create(['sleep', '1000']);
    equal((await a.status()).state, 'CONTAINER_CREATED');
    await a.start();
    equal((await a.status()).state, 'CONTAINER_RUNNING');
    match((await state(a.id)).stdout, /"status": "running"/);
    const list = async (): Promise<string[]> => {
      const { containers } = await call('ListContainers', { filter: { pod_sandbox_id: one.id } });
      return containers.map((found) => `${found.id} ${found.state}`);
    };
    deepEqual(await list(), [`${a.id} CONTAINER_RUNNING`]);
    // sleep is process 1 and hears no SIGTERM
    await a.stop(1);
    const status = await a.status();
    deepEqual([status.state, status.exit_code], ['CONTAINER_EXITED', 137]);
    await a.remove();
    deepEqual(await list(), []);
    notEqual((await state(a.id)).status, 0);
    await one.remove();
  },

  async 'a graceful stop: the signal comes first'({ pod, ground }) {
    const one = await pod();
    const a = await one.run([
      'sh',
      '-c',
      'trap "exit 9" TERM; echo ready; while :; do usleep 10000; done',
    ]);
    await ground.until('the trap', () => a.log().includes('stdout ready'));
    await a.stop(30);
    equal((await a.status()).exit_code, 9);
    await one.remove();
  },

  async 'an end by itself: exit status and log'({ pod }) {
    const one = await pod();
    const a = await one.run(['sh', '-c', 'echo out; echo err >&2; exit 7']);
    const status = await a.exited();
    deepEqual([status.exit_code, status.reason], [7, 'Error']);
    deepEqual(a.log().toSorted(), ['stderr err', 'stdout out']);
    await one.remove();
  },

  async 'environment, folder, terminal'({ pod }) {
    const one = await pod();
    const a = await one.run(['sh', '-c', 'echo $A; pwd; tty'], {
      envs: [{ key: 'A', value: 'b' }],
      working_dir: '/tmp',
      tty: true,
    });
    await a.exited();
    deepEqual(
      a.log().map((line) => line.trimEnd()),
      ['stdout b', 'stdout /tmp', 'stdout /dev/pts/0'],
    );
    await one.remove();
  },

  async 'ExecSync: output and exit status'({ pod }) {
    const one = await pod();
    const a = await one.run();
    const ended = await a.exec('sh', '-c', 'echo out; echo err >&2; exit 5');
    deepEqual(ended, { status: 5, stdout: 'out\n', stderr: 'err\n' });
    await rejects(a.exec('nowhere'), /executable file not found in \$PATH/);
    equal((await a.status()).state, 'CONTAINER_RUNNING');
    await one.remove();
  },

  async 'ExecSync: a time limit ends the command'({ pod, call }) {
    const one = await pod();
    const a = await one.run();
    const request = { container_id: a.id, cmd: ['sleep', '777'], timeout: 1 };
    await rejects(call('ExecSync', request), /timeout|deadline|timed out/i);
    equal(await a.sh('ps | grep -c "[s]leep 777" || true'), '0\n');
    await one.remove();
  },

  async 'ExecSync: 20 at once'({ pod }) {
    const one = await pod();
    const a = await one.run();
    const all = Array.from({ length: 20 }, (_, at) => a.sh(`echo ${at}`));
    deepEqual((await Promise.all(all)).map(Number), [...all.keys()]);
    await one.remove();
  },

  async 'UpdateContainerResources: limits of a running container'({ pod, call, ground, state }) {
    const one = await pod();
    const resources = { memory_limit_in_bytes: 67_108_864, cpu_period: 100_000, cpu_quota: 50_000 };
    const a = await one.run(['sleep', '1000'], { linux: { resources } });
    const { pid } = JSON.parse((await state(a.id)).stdout);
    const limits = (): string[] =>
      ground.cgroup === 'v1'
        ? [
            controlFile(pid, 'memory', 'memory.limit_in_bytes'),
            controlFile(pid, 'cpu', 'cpu.cfs_quota_us'),
          ]
        : [controlFile(pid, '', 'memory.max'), controlFile(pid, '', 'cpu.max').split(' ')[0] ?? ''];
    deepEqual(limits(), ['67108864', '50000']);
    await call('UpdateContainerResources', {
      container_id: a.id,
      linux: { memory_limit_in_bytes: 134_217_728, cpu_quota: 25_000 },
    });
    deepEqual(limits(), ['134217728', '25000']);
    await one.remove();
  },

  async ContainerStats({ pod, call, ground }) {
    const one = await pod();
    const a = await one.run(['sh', '-c', 'while :; do :; done']);
    await ground.until('statistics', async () => {
      const { stats } = await call('ContainerStats', { container_id: a.id });
      const { usage_core_nano_seconds: cpu } = stats.cpu;
      return (cpu?.value ?? 0) > 0 && (stats.memory.working_set_bytes?.value ?? 0) > 0;
    });
    await one.remove();
  },

  async 'memory that runs out is the reason of the end'({ pod }) {
    const one = await pod();
    const a = await one.run(['sh', '-c', 'head -c 100m /dev/zero | tail; exit $?'], {
      linux: { resources: { memory_limit_in_bytes: 16_777_216 } },
    });
    const status = await a.exited();
    equal(status.reason, 'OOMKilled', JSON.stringify(status));
    await one.remove();
  },

  async 'a program that is not there'({ pod }) {
    const one = await pod();
    const a = await one.create(['nowhere']);
    await rejects(a.start(), /exec: "nowhere": executable file not found in \$PATH/);
    const status = await a.status();
    deepEqual([status.state, status.exit_code], ['CONTAINER_EXITED', 128]);
    equal(status.reason, 'StartError');
    await a.remove();
    await one.remove();
  },

  async 'a program that may not be executed'({ pod }) {
    const one = await pod();
    const a = await one.create(['/etc/passwd']);
    await rejects(a.start(), /exec: "\/etc\/passwd": permission denied/);
    await one.remove();
  },

  async 'a pod whose first process is killed is not ready, and can be removed'(session) {
    const { pod, call, state, ground } = session;
    const one = await pod();
    const a = await one.run();
    process.kill(JSON.parse((await state(one.id)).stdout).pid, 'SIGKILL');
    await ground.until('the pod to be seen as ended', async () => {
      const { status } = await call('PodSandboxStatus', { pod_sandbox_id: one.id });
      return status.state === 'SANDBOX_NOTREADY';
    });
    await one.remove();
    notEqual((await state(a.id)).status, 0);
    // containerd 2 forgets the shim of such a pod, whatever the runtime
    const shim = shimOf(one.id);
    if (shim !== undefined) process.kill(shim, 'SIGKILL');
  },

  async 'pods outlive the daemon, which finds them again'({ pod, restart }) {
    const one = await pod();
    const a = await one.run();
    await restart();
    equal((await a.status()).state, 'CONTAINER_RUNNING');
    equal(await a.sh('echo still here'), 'still here\n');
    ok((await one.run()).id !== a.id);
    await one.remove();
  },
};
