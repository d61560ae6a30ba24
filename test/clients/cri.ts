/**
 * What Kubernetes' kubelet calls: containerd's CRI plugin, over gRPC, with a handler for the runtime.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Client, client } from './client.ts';
import { podCases } from './cri-pod-cases.ts';
import type { CriCalls } from './cri-calls.ts';
import { lifeCases } from './cri-life-cases.ts';
import { securityCases } from './cri-security-cases.ts';
import { type Kubelet, kubelet } from './kubelet.ts';
import type { Daemon, Ground } from './ground.ts';
import { openService, type Service } from './grpc.ts';

export interface Cri extends Kubelet {
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
  const major = Number(/\bv?(\d+)\.\d+\.\d+/.exec(stdout)?.[1]);
  const text = major === 1 ? configOf1(ground) : configOf2(ground);
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
  writeFileSync(join(folder, 'cni/10-test.conflist'), JSON.stringify(network(name)));

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

/** `test` is the handler of the runtime, `test-systemd` the same with cgroups made by systemd. */
function configOf1({ folder, runtime, images }: Ground): string {
  const cri = 'plugins."io.containerd.grpc.v1.cri"';
  return `version = 2
[${cri}]
sandbox_image = "${images.pause.name}"
# a host may be without the right to lower it
restrict_oom_score_adj = true
disable_apparmor = true
[${cri}.containerd]
default_runtime_name = "test"
[${cri}.containerd.runtimes.test]
runtime_type = "io.containerd.runc.v2"
[${cri}.containerd.runtimes.test.options]
BinaryName = "${runtime.path}"
[${cri}.containerd.runtimes.test-systemd]
runtime_type = "io.containerd.runc.v2"
[${cri}.containerd.runtimes.test-systemd.options]
BinaryName = "${runtime.path}"
SystemdCgroup = true
[${cri}.cni]
bin_dir = "/usr/lib/cni"
conf_dir = "${folder}/cni"
`;
}

function configOf2({ folder, runtime, images }: Ground): string {
  const cri = 'plugins."io.containerd.cri.v1.runtime"';
  return `version = 3
[plugins."io.containerd.cri.v1.images".pinned_images]
sandbox = "${images.pause.name}"
[${cri}]
# a host may be without the right to lower it
restrict_oom_score_adj = true
disable_apparmor = true
[${cri}.containerd]
default_runtime_name = "test"
[${cri}.containerd.runtimes.test]
runtime_type = "io.containerd.runc.v2"
[${cri}.containerd.runtimes.test.options]
BinaryName = "${runtime.path}"
[${cri}.containerd.runtimes.test-systemd]
runtime_type = "io.containerd.runc.v2"
[${cri}.containerd.runtimes.test-systemd.options]
BinaryName = "${runtime.path}"
SystemdCgroup = true
[${cri}.cni]
bin_dirs = ["/usr/lib/cni"]
conf_dir = "${folder}/cni"
`;
}

const network = (name: string): object => ({
  cniVersion: '0.4.0',
  name,
  plugins: [
    {
      type: 'bridge',
      bridge: 'cni0',
      isGateway: true,
      ipam: { type: 'host-local', ranges: [[{ subnet: '10.88.0.0/16' }]] },
    },
  ],
});

async function end(session: Cri): Promise<void> {
  await session.clear();
  await session.close();
}

const parts = {
  start,
  clear: (session: Cri) => session.clear(),
  end,
  cases: { ...podCases, ...lifeCases, ...securityCases },
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
