/**
 * Podman: through conmon, which calls the runtime.
 */
import { readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { cgroupsOf } from '../support/leftovers.ts';
import type { Client } from './client.ts';
import { client, needed } from './client.ts';
import { type Engine, engine, removeAll, type Ways } from './engine.ts';
import { lifeCases } from './engine-life-cases.ts';
import { runCases } from './engine-run-cases.ts';
import { securityCases } from './engine-security-cases.ts';
import { systemdCases } from './engine-systemd-cases.ts';
import type { Ground } from './ground.ts';
import { eventsCases } from './podman-events-cases.ts';
import { podmanCases } from './podman-cases.ts';
import { pageCases } from './podman-page.ts';
import { configure, parentOf, podmanWords } from './podman-words.ts';
import { podmanUserCases } from './podman-user-cases.ts';
import { openCopy, type PlainUser, plainUser } from './plain-user.ts';
import { mounts } from './remains.ts';

const waysOf = (ground: Ground): Ways => ({
  options: ['--pull', 'never', '--cgroup-parent', parentOf(ground)],
  remove: ['--force', '--volumes', '--time', '0'],
  domain: [],
  // for that Podman 5 would need another package
  network: ['--disable-dns'],
  top: ['hpid', 'comm'],
  update: ['--memory', '128m', '--memory-swap', '256m', '--cpus', '0.25'],
  capabilities: 0x800405fbn,
  unmask: 'unmask=ALL',
  init: 'podman-init',
  systemctl: ['systemctl'],
  hasCgroups: true,
  refused: 126,
});

async function start(ground: Ground): Promise<Engine> {
  configure(ground);
  const session = engine({
    ground,
    ways: waysOf(ground),
    command: podmanWords(ground),
    runtime: [ground.runtime.path],
  });
  await session.ok(['load', '--input', ground.images.busybox.archive]);
  return session;
}

export interface UserEngine extends Engine {
  readonly user: PlainUser;
}

/** Of a user who is not root; on v2 with systemd as its sessions have it. */
async function startAsUser(ground: Ground): Promise<UserEngine> {
  configure(ground);
  const user = await plainUser(ground);
  const managed = ground.systemd && ground.cgroup === 'v2';
  const ways: Ways = {
    ...waysOf(ground),
    options: ['--pull', 'never', ...(managed ? ['--cgroup-parent', parentOf(ground)] : [])],
    hasCgroups: managed,
    systemctl: [...user.through, 'systemctl', '--user'],
  };
  const place = join(user.home, 'podman');
  const manager = managed ? 'systemd' : 'cgroupfs';
  const command = [...user.through, ...podmanWords(ground, { place, storage: 'vfs', manager })];
  const { name, path } = ground.runtime;
  // in the namespaces that it holds, its own id is root's
  const runtime = [...command, 'unshare', path, '--root', join(user.run, name)];
  const session = engine({ ground, ways, command, runtime, give: user.give });
  await session.ok(['load', '--input', openCopy(ground)]);
  return { ...session, user };
}

async function clear(session: Engine): Promise<void> {
  await session.call(['pod', 'rm', '--all', '--force', '--time', '0']);
  await removeAll(session);
}

async function end(session: Engine): Promise<void> {
  const { ground } = session;
  await clear(session);
  const conmons = cgroupsOf(ground.name).filter((path) => path.endsWith('/conmon'));
  // the last ones are still clearing up
  await ground.until('conmon to end', () =>
    conmons.every((path) => readFileSync(`${path}/cgroup.procs`, 'utf8') === ''),
  );
  // what it keeps with any runtime: folders mounted on themselves, conmon's cgroups, and of a pod the one that no controller is for
  for (const path of ['/run/netns', `${ground.folder}/podman/root/overlay`])
    // oxlint-disable-next-line no-await-in-loop -- there are two
    if (mounts().includes(path)) await ground.ok(['umount', '--no-mtab', path]);
  for (const path of cgroupsOf(ground.name))
    if (/\/conmon$|\/systemd\/\w+\/[0-9a-f]{64}$/.test(path)) rmdirSync(path);
}

const parts = {
  start,
  clear,
  end,
  cases: {
    ...runCases,
    ...securityCases,
    ...lifeCases,
    ...systemdCases,
    ...podmanCases,
    ...eventsCases,
    ...pageCases,
  },
};

const userParts = {
  start: startAsUser,
  clear,
  async end(session: UserEngine): Promise<void> {
    await clear(session);
    // it keeps a process that holds its namespaces
    await session.ok(['system', 'migrate']);
    await session.user.end();
  },
  cases: podmanUserCases,
};

/** Debian 12's is 4.3. */
export const podman: Client = client({
  ...parts,
  name: 'podman',
  is: 'Podman of this host, as root',
  packages: [
    { name: 'podman', program: 'podman' },
    { name: 'conmon', program: 'conmon' },
    { name: 'catatonit', program: '/usr/libexec/podman/catatonit' },
    { name: 'containernetworking-plugins', program: '/usr/lib/cni/bridge' },
    { name: 'iptables', program: 'iptables' },
    { name: 'buildah', program: 'buildah' },
  ],
});

export const podman2: Client = client({
  ...parts,
  name: 'podman2',
  is: 'Podman 5 of Debian forky, as root',
  suite: 'forky',
  packages: ['podman', 'conmon', 'catatonit', 'netavark', 'nftables', 'buildah'].map(needed),
});

export const podmanUser: Client = client({
  ...userParts,
  name: 'podman-user',
  is: 'Podman of this host, of a user who is not root',
  packages: [
    { name: 'podman', program: 'podman' },
    { name: 'conmon', program: 'conmon' },
    { name: 'catatonit', program: '/usr/libexec/podman/catatonit' },
    { name: 'uidmap', program: 'newuidmap' },
  ],
});

export const podmanUser2: Client = client({
  ...userParts,
  name: 'podman2-user',
  is: 'Podman 5 of Debian forky, of a user who is not root',
  suite: 'forky',
  packages: ['podman', 'conmon', 'catatonit', 'netavark', 'uidmap'].map(needed),
});
