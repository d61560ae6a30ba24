/**
 * docs/use-with/kubernetes.md, as its reader follows it: on a node, with a cluster that consists of it.
 */
import { rejects } from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import type { Cases } from './client.ts';
import { clusterOf } from './cluster.ts';
import { beginService, importAs } from './containerd-service.ts';
import type { CriCalls } from './cri-calls.ts';
import { networkConfig } from './cri-config.ts';
import type { Cri } from './cri.ts';
import type { Ground } from './ground.ts';
import { openService } from './grpc.ts';
import { kubelet } from './kubelet.ts';
import { type Block, runPage } from './page.ts';

const otherSections = {
  1: ['Each node: containerd 2', 'For all pods: containerd 2', 'User namespaces'],
  2: ['Each node: containerd 1', 'For all pods: containerd 1'],
} as const;

export const pageCases: Cases<Cri> = {
  async 'docs/use-with/kubernetes.md, line by line'({ ground, version }) {
    const namespace = { CONTAINERD_NAMESPACE: 'k8s.io' };
    // where containerd looks for them by default
    mkdirSync('/etc/cni/net.d', { recursive: true });
    mkdirSync('/opt/cni', { recursive: true });
    symlinkSync('/usr/lib/cni', '/opt/cni/bin');
    writeFileSync('/etc/cni/net.d/10-test.conflist', networkConfig('page'));

    const address = {
      socket: '/run/containerd/containerd.sock',
      proto: 'cri.proto',
      name: 'runtime.v1.RuntimeService',
    };
    let daemon = await beginService(ground);
    let service = openService<CriCalls>(address);
    await importAs(ground, 'docker.io/library/busybox:latest', namespace);
    await ground.ok(['ctr', 'image', 'import', ground.images.pause.archive], { env: namespace });
    const node = kubelet(ground, (method, request) => service.call(method, request), '');
    const cluster = clusterOf(ground, node);
    const restart = async (): Promise<string> => {
      service.close();
      await daemon.end();
      daemon = await beginService(ground);
      service = openService(address);
      await ground.until('the node to be ready', async () => {
        const answer = await service.call('Status', {}).catch(() => undefined);
        return answer?.status.conditions.every(({ status }) => status);
      });
      return '';
    };
    try {
      await runPage(ground, 'kubernetes', {
        leaveOut: otherSections[version],
        standIn: (line, cwd) =>
          line === 'systemctl restart containerd' ? restart : cluster.kubectl(line, cwd),
        amend: (text, block) => amendFor(ground, version, text, block),
      });
      // without the page's configuration the pod's image has another name, and would be fetched
      const { stdout } = await ground.ok(['containerd', 'config', 'default']);
      const pause = /^\s*sandbox(?:_image)? = ['"](.+)['"]$/m.exec(stdout)?.[1] ?? '';
      const tag = ['ctr', 'image', 'tag', ground.images.pause.name, pause];
      await ground.ok(tag, { env: namespace });
      await rejects(node.pod({ handler: 'runt' }), /no runtime for "runt"/);
    } finally {
      await node.clear().catch(() => {});
      service.close();
      await daemon.end();
    }
  },
};

/** What this ground needs besides, as any node has something; and the kubelet of a host without systemd uses cgroupfs. */
function amendFor(ground: Ground, version: 1 | 2, text: string, block: Block): string {
  if (block.file !== '/etc/containerd/config.toml') return text;
  const driver = ground.systemd
    ? text
    : text.replaceAll('SystemdCgroup = true', 'SystemdCgroup = false');
  const pause = ground.images.pause.name;
  const own = 'restrict_oom_score_adj = true\ndisable_apparmor = true';
  return version === 1
    ? `${driver}
[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "${pause}"
${own}
`
    : `${driver}
[plugins."io.containerd.cri.v1.images".pinned_images]
sandbox = "${pause}"
[plugins."io.containerd.cri.v1.runtime"]
${own}
`;
}
