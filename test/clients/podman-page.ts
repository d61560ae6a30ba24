/**
 * docs/use-with/podman.md, as its reader follows it: with Podman and Buildah where their packages have them.
 */
import type { Cases } from './client.ts';
import type { Engine } from './engine.ts';
import type { Ground } from './ground.ts';
import { runPage } from './page.ts';
import { limits, quiet } from './podman-words.ts';

export const pageCases: Cases<Engine> = {
  async 'docs/use-with/podman.md, line by line'({ ground }) {
    try {
      await runPage(ground, 'podman', {
        keepsName: true,
        env: Object.fromEntries([quiet.split('=')]),
        standIn: (line) =>
          line === 'podman pull docker.io/library/busybox:latest'
            ? () => loadAs(ground, 'docker.io/library/busybox:latest')
            : undefined,
        amend: (text, { file }) =>
          file === '/etc/containers/containers.conf' ? `${text}${limits}` : text,
      });
    } finally {
      await ground.run(['podman', 'pod', 'rm', '--all', '--force', '--time', '0']);
      await ground.run(['podman', 'rm', '--all', '--force', '--time', '0']);
    }
  },
};

async function loadAs(ground: Ground, reference: string): Promise<string> {
  const { archive, name } = ground.images.busybox;
  await ground.ok(['podman', 'load', '--input', archive]);
  await ground.ok(['podman', 'tag', name, reference]);
  return '';
}
