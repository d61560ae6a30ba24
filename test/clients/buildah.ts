/**
 * Buildah, which calls the runtime itself: without a shim, and without conmon.
 */
import { join } from 'node:path';
import { buildahCases } from './buildah-cases.ts';
import { buildahUserCases } from './buildah-user-cases.ts';
import type { Client } from './client.ts';
import { client, needed } from './client.ts';
import type { Ended, Ground, RunOptions } from './ground.ts';
import { openCopy, type PlainUser, plainUser } from './plain-user.ts';
import { configure, parentOf } from './podman-words.ts';

export interface UserBuildah extends Buildah {
  readonly user: PlainUser;
  /** The same with another storage, and the image in it. */
  readonly openWith: (driver: string, ...options: readonly string[]) => Promise<Buildah>;
}

export interface Buildah {
  readonly ground: Ground;
  /** Files that it is to use become those of who runs it. */
  readonly give: (path: string) => void;
  readonly image: string;
  /** `buildah WORDS`, to its end, whatever that is. */
  readonly call: (words: readonly string[], options?: RunOptions) => Promise<Ended>;
  /** The same, and it must succeed; what it has printed. */
  readonly ok: (words: readonly string[], options?: RunOptions) => Promise<string>;
  /** A working container of the image, made with these options. */
  readonly from: (...options: readonly string[]) => Promise<string>;
  /** The words of a `run`; a working container and a command follow. */
  readonly runWords: (...options: readonly string[]) => string[];
  /** The words of a `bud`, whose folder follows. */
  readonly budWords: (...options: readonly string[]) => string[];
}

interface SessionParts extends Pick<Buildah, 'ground' | 'give'> {
  /** Before each subcommand. */
  readonly command: readonly string[];
  /** Where containers get their cgroups, if that can be said. */
  readonly parent: readonly string[];
  readonly archive: string;
}

async function open({ ground, give, command, parent, archive }: SessionParts): Promise<Buildah> {
  const { name, runtime, images } = ground;
  const local = ['--pull-never', '--network', 'none'];
  const how = ['--isolation', 'oci', '--runtime', runtime.path];
  let ids = 0;
  const session: Buildah = {
    ground,
    give,
    image: images.busybox.name,
    call: (words, options) => ground.run([...command, ...words], options),
    ok: async (words, options) => (await ground.ok([...command, ...words], options)).stdout,
    async from(...options) {
      const one = `${name}-${(ids += 1)}`;
      await session.ok(['from', '--name', one, ...local, ...parent, ...options, session.image]);
      return one;
    },
    runWords: (...options) => ['run', ...how, ...options],
    budWords: (...options) => ['bud', ...local, ...parent, ...how, ...options],
  };
  await session.ok(['pull', `docker-archive:${archive}`]);
  return session;
}

function start(ground: Ground): Promise<Buildah> {
  const { folder, images } = ground;
  configure(ground);
  return open({
    ground,
    give: () => {},
    command: ['buildah', ...storeIn(folder, 'overlay')],
    parent: ['--cgroup-parent', parentOf(ground)],
    archive: images.busybox.archive,
  });
}

/** Of a user who is not root. */
async function startAsUser(ground: Ground): Promise<UserBuildah> {
  configure(ground);
  const user = await plainUser(ground);
  const archive = openCopy(ground);
  const openWith = (driver: string, ...options: readonly string[]): Promise<Buildah> => {
    const store = storeIn(join(user.home, driver), driver);
    const command = [...user.through, 'buildah', ...store, ...options];
    return open({ ground, give: user.give, command, parent: [], archive });
  };
  return { ...(await openWith('vfs')), user, openWith };
}

const storeIn = (folder: string, driver: string): string[] =>
  `--root ${folder}/root --runroot ${folder}/run --storage-driver ${driver}`.split(' ');

async function clear({ ok }: Buildah): Promise<void> {
  await ok(['rm', '--all']);
}

const parts = { start, clear, end: clear, cases: buildahCases };

const userParts = {
  start: startAsUser,
  clear,
  end: async (session: UserBuildah): Promise<void> => {
    await clear(session);
    await session.user.end();
  },
  cases: buildahUserCases,
};

/** Debian 12's is 1.28. */
export const buildah: Client = client({
  ...parts,
  name: 'buildah',
  is: 'Buildah of this host, as root',
  packages: [{ name: 'buildah', program: 'buildah' }],
});

export const buildah2: Client = client({
  ...parts,
  name: 'buildah2',
  is: 'Buildah 1.43 of Debian forky, as root',
  suite: 'forky',
  packages: [needed('buildah')],
});

export const buildahUser: Client = client({
  ...userParts,
  name: 'buildah-user',
  is: 'Buildah of this host, of a user who is not root',
  packages: [
    { name: 'buildah', program: 'buildah' },
    { name: 'uidmap', program: 'newuidmap' },
    { name: 'fuse-overlayfs', program: 'fuse-overlayfs' },
  ],
});

export const buildahUser2: Client = client({
  ...userParts,
  name: 'buildah2-user',
  is: 'Buildah 1.43 of Debian forky, of a user who is not root',
  suite: 'forky',
  packages: ['buildah', 'uidmap', 'fuse-overlayfs'].map(needed),
});
