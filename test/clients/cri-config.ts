/**
 * Configurations of containerd's CRI plugin, of either version, and of the pods' network.
 */
import type { Ground } from './ground.ts';

/** `test` is the handler of the runtime, `test-systemd` the same with cgroups made by systemd. */
const runtimes = (
  cri: string,
  path: string,
): string => `# a host may be without the right to lower it
restrict_oom_score_adj = true
disable_apparmor = true
[${cri}.containerd]
default_runtime_name = "test"
[${cri}.containerd.runtimes.test]
runtime_type = "io.containerd.runc.v2"
[${cri}.containerd.runtimes.test.options]
BinaryName = "${path}"
[${cri}.containerd.runtimes.test-systemd]
runtime_type = "io.containerd.runc.v2"
[${cri}.containerd.runtimes.test-systemd.options]
BinaryName = "${path}"
SystemdCgroup = true
`;

export function configOf1({ folder, runtime, images }: Ground): string {
  const cri = 'plugins."io.containerd.grpc.v1.cri"';
  return `version = 2
[${cri}]
sandbox_image = "${images.pause.name}"
${runtimes(cri, runtime.path)}[${cri}.cni]
bin_dir = "/usr/lib/cni"
conf_dir = "${folder}/cni"
`;
}

export function configOf2({ folder, runtime, images }: Ground): string {
  const cri = 'plugins."io.containerd.cri.v1.runtime"';
  return `version = 3
[plugins."io.containerd.cri.v1.images".pinned_images]
sandbox = "${images.pause.name}"
[${cri}]
${runtimes(cri, runtime.path)}[${cri}.cni]
bin_dirs = ["/usr/lib/cni"]
conf_dir = "${folder}/cni"
`;
}

/** Pods of their own network are on one bridge. */
export const networkConfig = (name: string): string =>
  JSON.stringify({
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
