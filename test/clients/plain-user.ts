/**
 * A user who is not root, on a ground: with a home, ranges of ids lent to it, and where systemd is process 1 a systemd of its own.
 */
import { execFileSync } from 'node:child_process';
import { appendFileSync, chownSync, copyFileSync, mkdirSync, mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lent } from '../support/rootless-user.ts';
import { type UserManager, userManager } from '../support/user-manager.ts';
import type { Ground } from './ground.ts';

export interface PlainUser {
  readonly id: number;
  readonly home: string;
  /** Its XDG_RUNTIME_DIR. */
  readonly run: string;
  /** Words before a command that it runs. */
  readonly through: readonly string[];
  /** What is there becomes its own. */
  readonly give: (path: string) => void;
  readonly end: () => Promise<void>;
}

/** Of Debian's own names one that nothing runs as: the system's systemd, which does not see the ground's /etc, has to know it. */
const name = 'games';
const id = 5;
const group = 60;

export async function plainUser(ground: Ground): Promise<PlainUser> {
  appendFileSync('/etc/subuid', `${name}:${lent.uid}:${lent.size}\n`);
  appendFileSync('/etc/subgid', `${name}:${lent.gid}:${lent.size}\n`);
  const home = join(ground.folder, 'home');
  const manager = ground.systemd && ground.cgroup === 'v2' ? ownSystemd(ground) : undefined;
  const run = manager?.folder ?? join(ground.folder, 'user');
  mkdirSync(home);
  if (manager === undefined) mkdirSync(run, { mode: 0o700 });
  chownSync(home, id, group);
  chownSync(run, id, group);
  const closeFuse = await openFuse(ground);
  const surroundings = {
    HOME: home,
    USER: name,
    XDG_RUNTIME_DIR: run,
    // without one, what there is must not be looked for
    DBUS_SESSION_BUS_ADDRESS: manager === undefined ? '' : `unix:path=${run}/bus`,
  };
  const settings = Object.entries(surroundings).map(([key, value]) => `${key}=${value}`);
  const becoming = ['setpriv', `--reuid=${id}`, `--regid=${group}`, '--clear-groups'];
  return {
    id,
    home,
    run,
    through: [...becoming, 'env', '--chdir', home, ...settings],
    give: (path) => execFileSync('chown', ['-hR', `${id}:${group}`, path]),
    async end() {
      manager?.stop();
      await closeFuse();
    },
  };
}

/** It runs where the system's does, and meets this ground in a folder of /tmp, which both see. */
const ownSystemd = (ground: Ground): UserManager =>
  userManager(ground.name, true, id, mkdtempSync(join(tmpdir(), 'ru')));

/** Distributions let everybody have it: file systems of a user's own are made with it. Returns how to take it back. */
async function openFuse(ground: Ground): Promise<() => Promise<void>> {
  const path = '/dev/fuse';
  if ((statSync(path).mode & 0o6) === 0o6) return () => Promise.resolve();
  const node = join(ground.folder, 'fuse');
  await ground.ok(['mknod', '--mode=666', node, 'c', '10', '229']);
  await ground.ok(['mount', '--no-mtab', '--bind', node, path]);
  return async () => {
    await ground.ok(['umount', '--no-mtab', path]);
  };
}

/** A copy of an image's archive that belongs to nobody in particular: main.ts's own folder is closed to others. */
export function openCopy(ground: Ground): string {
  const archive = join(ground.folder, 'busybox.tar');
  copyFileSync(ground.images.busybox.archive, archive);
  return archive;
}
