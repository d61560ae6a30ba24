/**
 * Docker Engine, driven by its own command: dockerd, which starts a containerd of its own, whose shim calls the runtime.
 */
import { mkdirSync, rmdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cgroupsOf } from '../support/leftovers.ts';
import type { Client } from './client.ts';
import { client, needed } from './client.ts';
import { dockerCases } from './docker-cases.ts';
import { pageCases } from './docker-page.ts';
import { type Engine, engine, removeAll, type Ways } from './engine.ts';
import { lifeCases } from './engine-life-cases.ts';
import { runCases } from './engine-run-cases.ts';
import { securityCases } from './engine-security-cases.ts';
import { systemdCases } from './engine-systemd-cases.ts';
import type { Daemon, Ground } from './ground.ts';
import { mounts } from './remains.ts';

export interface Docker extends Engine {
  /** Ends the daemon, and starts it again; containers stay. */
  readonly restart: () => Promise<void>;
  readonly daemon: () => Daemon;
}

const ways: Ways = {
  options: [],
  remove: ['--force', '--volumes'],
  domain: ['--domainname', 'example'],
  network: [],
  top: ['-o', 'pid,comm'],
  update: ['--memory', '128m', '--memory-swap', '256m', '--cpus', '0.25', '--pids-limit', '55'],
  capabilities: 0xa80425fbn,
  unmask: 'systempaths=unconfined',
  init: 'docker-init',
  systemctl: ['systemctl'],
  hasCgroups: true,
  refused: 125,
};

async function start(ground: Ground): Promise<Docker> {
  const { folder, name, runtime, images } = ground;
  const socket = `unix://${folder}/docker.sock`;
  const config = join(folder, 'daemon.json');
  const execRoot = join(folder, 'exec');
  writeFileSync(config, JSON.stringify({ 'live-restore': true }));
  // BuildKit has no option for it: it takes what has this name
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  symlinkSync(runtime.path, join(bin, 'runc'));
  const env = { PATH: `${bin}:/usr/sbin:/usr/bin:/sbin:/bin` };
  const driver = ground.systemd ? 'systemd' : 'cgroupfs';
  const parent = ground.systemd ? `${name}.slice` : `/${name}`;
  const words = `dockerd --config-file ${config} --host ${socket} --pidfile ${folder}/docker.pid
    --data-root ${folder}/data --exec-root ${execRoot} --storage-driver overlay2
    --bridge none --iptables=false --ip-forward=false --ip-masq=false
    --exec-opt native.cgroupdriver=${driver} --cgroup-parent ${parent}
    --add-runtime tested=${runtime.path} --default-runtime tested`.split(/\s+/);
  const begin = (): Daemon => ground.daemon('dockerd', words, { env });
  let daemon = begin();
  const session: Docker = {
    ...engine({
      ground,
      ways,
      command: ['/usr/bin/docker', '-H', socket],
      // the folder's name is the same for every runtime
      runtime: [runtime.path, '--root', join(execRoot, 'runtime-runc/moby')],
    }),
    async restart() {
      await daemon.end();
      daemon = begin();
      await ready();
    },
    daemon: () => daemon,
  };
  const ready = async (): Promise<void> => {
    await ground.until('dockerd to answer', async () => {
      const { status } = await session.call(['version'], { seconds: 10 });
      return status === 0;
    });
  };
  await ready();
  await session.ok(['load', '--input', images.busybox.archive]);
  return session;
}

async function end(session: Docker): Promise<void> {
  const { ground } = session;
  await removeAll(session);
  await session.daemon().end();
  // one that has left containers running leaves these, too
  const own = mounts().filter((path) => path.startsWith(`${ground.folder}/`));
  for (const path of own.toReversed())
    if (path === `${ground.folder}/data` || path.includes('/netns/'))
      // oxlint-disable-next-line no-await-in-loop -- what is inside first
      await ground.ok(['umount', '--no-mtab', path]);
  // BuildKit keeps the parent of its cgroups
  for (const path of cgroupsOf(ground.name)) if (path.endsWith('/buildkit')) rmdirSync(path);
}

const parts = {
  start,
  clear: removeAll,
  end,
  cases: {
    ...runCases,
    ...securityCases,
    ...lifeCases,
    ...systemdCases,
    ...dockerCases,
    ...pageCases,
  },
};

/** Debian 12's is 20.10. */
export const docker: Client = client({
  ...parts,
  name: 'docker',
  is: 'Docker Engine of this host',
  packages: [
    { name: 'docker.io', program: '/usr/sbin/dockerd' },
    { name: 'docker.io', program: '/usr/bin/docker-init' },
  ],
});

export const docker2: Client = client({
  ...parts,
  name: 'docker2',
  is: 'Docker Engine 28 of Debian forky',
  suite: 'forky',
  packages: ['docker.io', 'docker-cli', 'docker-buildx', 'iptables'].map(needed),
});
