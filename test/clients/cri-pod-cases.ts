/**
 * Pods: what their containers share, and with whom.
 */
import { deepEqual, equal, match, notEqual, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type Cases, skip } from './client.ts';
import type { Cri } from './cri.ts';

const namespaces = async (
  container: { readonly sh: (script: string) => Promise<string> },
  ...types: readonly string[]
): Promise<string[]> => {
  const script = types.map((type) => `readlink /proc/self/ns/${type}`).join('; ');
  return (await container.sh(script)).trim().split('\n');
};

export const podCases: Cases<Cri> = {
  async 'the runtime is ready, and its handler is known'({ call }) {
    const { status, runtime_handlers: handlers } = await call('Status', {});
    deepEqual(status.conditions.map((one) => one.type).slice(0, 2), [
      'RuntimeReady',
      'NetworkReady',
    ]);
    const { runtime_version: version } = await call('Version', {});
    if (version.startsWith('2.') || version.startsWith('v2.'))
      ok(handlers.some(({ name }) => name === 'test'));
  },

  async 'a pod of this runtime, until it is removed'({ pod, call, state }) {
    const one = await pod();
    const { status } = await call('PodSandboxStatus', { pod_sandbox_id: one.id });
    deepEqual([status.state, status.runtime_handler], ['SANDBOX_READY', 'test']);
    match((await state(one.id)).stdout, /"status": "running"/);
    await call('StopPodSandbox', { pod_sandbox_id: one.id });
    const stopped = await call('PodSandboxStatus', { pod_sandbox_id: one.id });
    equal(stopped.status.state, 'SANDBOX_NOTREADY');
    // a kubelet stops more than once
    await one.remove();
    notEqual((await state(one.id)).status, 0);
  },

  async "two containers share one pod's namespaces"({ pod }) {
    const one = await pod();
    const [a, b] = [await one.run(), await one.run()];
    const shared = ['net', 'ipc', 'uts'];
    deepEqual(await namespaces(a, ...shared), await namespaces(b, ...shared));
    const own = ['pid', 'mnt'];
    const [pidOfA, mntOfA] = await namespaces(a, ...own);
    const [pidOfB, mntOfB] = await namespaces(b, ...own);
    ok(pidOfA !== pidOfB && mntOfA !== mntOfB);
    equal(await a.sh('hostname; echo $$ >/dev/null; cat /proc/1/comm'), 'a-pod\nsleep\n');
    // what one serves at 127.0.0.1 the other reaches
    await a.sh('(echo "from a" | nc -l -p 7000 127.0.0.1 >/dev/null 2>&1 &)');
    equal(
      await b.sh('for i in 1 2 3 4 5; do nc 127.0.0.1 7000 && break; usleep 200000; done'),
      'from a\n',
    );
    await one.remove();
  },

  async 'a pod with one pid namespace'({ pod }) {
    const one = await pod({ namespaces: { pid: 'POD' } });
    const [a, b] = [await one.run(), await one.run()];
    deepEqual(await namespaces(a, 'pid'), await namespaces(b, 'pid'));
    equal(await a.sh('cat /proc/1/comm'), 'pause\n');
    await a.stop(0);
    equal((await b.status()).state, 'CONTAINER_RUNNING');
    await one.remove();
  },

  async "a container in another's pid namespace (kubectl debug)"({ pod }) {
    const one = await pod();
    const target = await one.run();
    const debug = await one.run(['sleep', '1000'], {
      linux: {
        security_context: { namespace_options: { pid: 'TARGET', target_id: target.id } },
      },
    });
    deepEqual(await namespaces(debug, 'pid'), await namespaces(target, 'pid'));
    await one.remove();
  },

  async "the host's namespaces"({ pod, ground }) {
    const one = await pod({ namespaces: { network: 'NODE', pid: 'NODE', ipc: 'NODE' } });
    const a = await one.run();
    const types = ['net', 'pid', 'ipc'];
    const own = await Promise.all(
      types.map((type) => ground.ok(['readlink', `/proc/self/ns/${type}`])),
    );
    deepEqual(
      await namespaces(a, ...types),
      own.map(({ stdout }) => stdout.trim()),
    );
    await one.remove();
  },

  async 'a network of its own, by CNI: pods reach each other'({ pod, call }) {
    const [one, two] = [await pod(), await pod()];
    const { status } = await call('PodSandboxStatus', { pod_sandbox_id: one.id });
    const ip = status.network?.ip ?? '';
    match(ip, /^10\.88\./);
    const [a, b] = [await one.run(), await two.run()];
    match(await a.sh('ip addr show eth0'), new RegExp(`inet ${ip}/`));
    await a.sh(`(echo hello | nc -l -p 80 ${ip} >/dev/null 2>&1 &)`);
    equal(
      await b.sh(`for i in 1 2 3 4 5; do nc ${ip} 80 && break; usleep 200000; done`),
      'hello\n',
    );
    await one.remove();
    await two.remove();
  },

  async 'sysctls of a pod'({ pod }) {
    const one = await pod({
      sysctls: { 'net.core.somaxconn': '77', 'kernel.shm_rmid_forced': '1' },
    });
    const a = await one.run();
    equal(
      await a.sh('cat /proc/sys/net/core/somaxconn /proc/sys/kernel/shm_rmid_forced'),
      '77\n1\n',
    );
    await one.remove();
  },

  async 'a user namespace of a pod'({ pod, call }) {
    const { runtime_handlers: handlers } = await call('Status', {});
    if (handlers.length === 0) skip('this containerd knows no user namespaces for pods');
    equal(handlers.find(({ name }) => name === 'test')?.features?.user_namespaces, true);
    const uids = [{ host_id: 300_000, container_id: 0, length: 65_536 }];
    const gids = [{ host_id: 400_000, container_id: 0, length: 65_536 }];
    const one = await pod({ namespaces: { userns_options: { mode: 'POD', uids, gids } } });
    const [a, b] = [await one.run(), await one.run()];
    deepEqual(await namespaces(a, 'user'), await namespaces(b, 'user'));
    const [, hostUid] = (await a.sh('cat /proc/self/uid_map')).trim().split(/\s+/);
    equal(hostUid, '300000');
    // the image's files are root's inside, and root may write
    equal(await a.sh('stat -c %u:%g /bin/sh; id -u; touch /file; stat -c %u /file'), '0:0\n0\n0\n');
    await one.remove();
  },

  async 'cgroups made by systemd (SystemdCgroup)'({ pod, ground, state }) {
    if (!ground.systemd) skip('systemd is not process 1 here');
    const one = await pod({ handler: 'test-systemd', cgroupParent: `/${ground.name}.slice` });
    const a = await one.run(['sleep', '1000'], {
      linux: { resources: { memory_limit_in_bytes: 33_554_432 } },
    });
    const { pid } = JSON.parse((await state(a.id)).stdout);
    const group = readFileSync(`/proc/${pid}/cgroup`, 'utf8');
    match(group, new RegExp(`${ground.name}.slice/cri-containerd-${a.id}.scope`));
    await one.remove();
  },

  async '10 pods at once'({ pod, call }) {
    const all = await Promise.all(Array.from({ length: 10 }, () => pod()));
    await Promise.all(all.map((one) => one.run()));
    const { items } = await call('ListPodSandbox', {});
    equal(items.length, 10);
    await Promise.all(all.map((one) => one.remove()));
  },
};
