/**
 * What Kubernetes' kubelet calls: containerd's CRI plugin, over gRPC, with a handler for the runtime.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Client, client } from './client.ts';
import { configOf1, configOf2, networkConfig } from './cri-config.ts';
import { pageCases } from './kubernetes-page.ts';
import { podCases } from './cri-pod-cases.ts';
import type { CriCalls } from './cri-calls.ts';
import { lifeCases } from './cri-life-cases.ts';
import { securityCases } from './cri-security-cases.ts';
import { type Kubelet, kubelet } from './kubelet.ts';
import type { Daemon, Ground } from './ground.ts';
import { openService, type Service } from './grpc.ts';

export interface Cri extends Kubelet {
  /** containerd's. */
  readonly version: 1 | 2;
  /** Ends the daemon, and starts it again; shims stay. */
  readonly restart: () => Promise<void>;
  /** Ends the daemon and the connection. */
  readonly close: () => Promise<void>;
}

async function start(ground: Ground): Promise<Cri> {
  const { folder, name, images } = ground;
  const socket = join(folder, 'containerd.sock');
  const config = join(folder, 'containerd.toml');
  const { stdout } = await ground.ok(['containerd', '--version']);
  const version = / v?1\.\d+\.\d+/.test(stdout) ? 1 : 2;
  const text = version === 1 ? configOf1(ground) : configOf2(ground);
  writeFileSync(
    config,
    `root = "${folder}/lib"\nstate = "${folder}/state"\n${text}
[grpc]
address = "${socket}"
[plugins."io.containerd.internal.v1.opt"]
path = "${folder}/opt"
`,
  );
  mkdirSync(join(folder, 'cni'));
  writeFileSync(join(folder, 'cni/10-test.conflist'), networkConfig(name));

  const begin = (): Daemon => ground.daemon('containerd', ['containerd', '-c', config]);
  let daemon = begin();
  const address = { socket, proto: 'cri.proto', name: 'runtime.v1.RuntimeService' };
  let service: Service<CriCalls> = openService(address);
  const ready = async (): Promise<void> => {
    await ground.until('containerd to be ready', async () => {
      const status = await service.call('Status', {}).catch(() => undefined);
      return status?.status.conditions.every((one) => one.status);
    });
  };
  await ready();
  for (const { archive } of [images.busybox, images.pause])
    // oxlint-disable-next-line no-await-in-loop -- two of them
    await ground.ok(['ctr', '-a', socket, '-n', 'k8s.io', 'image', 'import', archive]);
  const call: Service<CriCalls>['call'] = (method, request) => service.call(method, request);
  return {
    ...kubelet(ground, call, 'test'),
    version,
    async restart() {
      service.close();
      await daemon.end();
      daemon = begin();
      service = openService(address);
      await ready();
    },
    async close() {
      service.close();
      await daemon.end();
    },
  };
}

async function end(session: Cri): Promise<void> {
  await session.clear();
  await session.close();
}

const parts = {
  start,
  clear: (session: Cri) => session.clear(),
  end,
  cases: { ...podCases, ...lifeCases, ...securityCases, ...pageCases },
  packages: [
    { name: 'containerd', program: 'containerd' },
    { name: 'containernetworking-plugins', program: '/usr/lib/cni/bridge' },
  ],
};

/** Debian 12's is 1.6. */
export const cri: Client = client({
  ...parts,
  name: 'cri',
  is: "Kubernetes' calls, to containerd of this host",
});

export const cri2: Client = client({
  ...parts,
  name: 'cri2',
  is: "Kubernetes' calls, to containerd 2 of Debian forky",
  suite: 'forky',
});
