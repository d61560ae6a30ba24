/**
 * docs/use-with/docker.md, as its reader follows it: with Docker where its package has it.
 */
import type { Cases } from './client.ts';
import type { Docker } from './docker.ts';
import type { Daemon, Ground } from './ground.ts';
import { runPage } from './page.ts';

export const pageCases: Cases<Docker> = {
  async 'docs/use-with/docker.md, line by line'({ ground }) {
    let daemon = await begin(ground);
    try {
      await runPage(ground, 'docker', {
        keepsName: true,
        // not another version's that was installed by hand
        env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/bin' },
        standIn: (line) => {
          switch (line) {
            case 'docker pull busybox':
              return () => loadAs(ground, 'busybox:latest');
            case 'systemctl reload docker':
              return () => reload(ground, daemon);
            case 'systemctl restart docker':
              return async () => {
                await daemon.end();
                daemon = await begin(ground);
                return '';
              };
            default:
              return undefined;
          }
        },
      });
    } finally {
      await ground.run(['/usr/bin/docker', 'rm', '--force', 'sleeper']);
      await daemon.end();
    }
  },
};

/** As systemd starts it, on a ground whose network and cgroups are its own. */
async function begin(ground: Ground): Promise<Daemon> {
  const parent = ground.systemd ? `${ground.name}.slice` : `/${ground.name}`;
  const words = `dockerd --bridge none --iptables=false --ip-forward=false --ip-masq=false
    --cgroup-parent ${parent} --exec-opt native.cgroupdriver=${ground.systemd ? 'systemd' : 'cgroupfs'}`;
  const daemon = ground.daemon('docker-service', words.split(/\s+/));
  await ground.until('dockerd to answer', async () => {
    const { status } = await ground.run(['/usr/bin/docker', 'version'], { seconds: 10 });
    return status === 0;
  });
  return daemon;
}

async function loadAs(ground: Ground, reference: string): Promise<string> {
  const { archive, name } = ground.images.busybox;
  await ground.ok(['/usr/bin/docker', 'load', '--input', archive]);
  await ground.ok(['/usr/bin/docker', 'tag', name, reference]);
  return '';
}

/** Its own `ExecReload`; it says when it has read the file. */
async function reload({ until }: Ground, { pid, log }: Daemon): Promise<string> {
  const turns = (): number => log().split('Reloaded configuration').length;
  const before = turns();
  process.kill(pid, 'SIGHUP');
  await until('dockerd to have read its file', () => turns() > before);
  return '';
}
