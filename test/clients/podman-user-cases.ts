/**
 * Podman's cases of a user who is not root: those of root that need no rights over the host, and what is another matter.
 */
import { equal } from 'node:assert/strict';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { lent } from '../support/rootless-user.ts';
import type { Cases } from './client.ts';
import type { Engine } from './engine.ts';
import { lifeCases } from './engine-life-cases.ts';
import { runCases } from './engine-run-cases.ts';
import { securityCases } from './engine-security-cases.ts';
import { systemdCases } from './engine-systemd-cases.ts';
import type { UserEngine } from './podman.ts';
import { podmanCases } from './podman-cases.ts';
import { eventsCases } from './podman-events-cases.ts';

/** A network needs a program that makes one of a user's own, and is none of a runtime's affairs; nodes of devices and other ids are root's. */
const roots: readonly string[] = [
  'run: two containers on a network of their own',
  '--device and --device-cgroup-rule',
  '--userns, --uidmap and --gidmap',
];

const all: Cases<Engine> = {
  ...runCases,
  ...securityCases,
  ...lifeCases,
  ...systemdCases,
  ...podmanCases,
  ...eventsCases,
};
const shared = Object.fromEntries(Object.entries(all).filter(([name]) => !roots.includes(name)));

export const podmanUserCases: Cases<UserEngine> = {
  ...shared,

  async 'ids are the user’s own and those lent to it, and --userns'({ ground, user, sh }) {
    const show = 'echo $(cat /proc/self/uid_map)';
    equal(await sh([], show), `0 ${user.id} 1 1 ${lent.uid} ${lent.size}\n`);
    const folder = join(ground.folder, 'owned');
    mkdirSync(folder, { mode: 0o777 });
    user.give(folder);
    const owner = async (name: string, ...options: readonly string[]): Promise<number> => {
      await sh(['--volume', `${folder}:/w`, ...options], `touch /w/${name}`);
      return statSync(join(folder, name)).uid;
    };
    equal(await owner('roots'), user.id);
    equal(await owner('own', '--userns', 'keep-id'), user.id);
    equal(await sh(['--userns', 'keep-id'], 'id -u'), `${user.id}\n`);
    const size = 'read first _ size </proc/self/uid_map; echo $first $size';
    equal(await sh(['--userns', 'auto:size=1024'], size), '0 1024\n');
  },

  async '--device: the host’s own'({ sh }) {
    const script = 'stat -c %F /dev/x; (exec 3<>/dev/x) && echo open; mknod /tmp/n c 1 3 2>&1';
    const stdout = await sh(['--device', '/dev/fuse:/dev/x'], `${script} || true`);
    equal(stdout, 'character special file\nopen\nmknod: /tmp/n: Operation not permitted\n');
  },
};
