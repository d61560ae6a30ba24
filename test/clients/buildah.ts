/**
 * Buildah, as root, which calls the runtime itself: without a shim, and without conmon.
 */
import { buildahCases } from './buildah-cases.ts';
import type { Client } from './client.ts';
import { client, needed } from './client.ts';
import type { Ended, Ground, RunOptions } from './ground.ts';
import { configure } from './podman-words.ts';

export interface Buildah {
  readonly ground: Ground;
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

async function start(ground: Ground): Promise<Buildah> {
  const { folder, name, runtime, images, systemd } = ground;
  configure(ground);
  const command = ['buildah', '--root', `${folder}/root`, '--runroot', `${folder}/run`];
  const storage = ['--storage-driver', 'overlay'];
  const parent = ['--cgroup-parent', systemd ? `${name}.slice` : `/${name}`];
  const local = ['--pull-never', '--network', 'none'];
  const how = ['--isolation', 'oci', '--runtime', runtime.path];
  let ids = 0;
  const session: Buildah = {
    ground,
    image: images.busybox.name,
    call: (words, options) => ground.run([...command, ...storage, ...words], options),
    ok: async (words, options) =>
      (await ground.ok([...command, ...storage, ...words], options)).stdout,
    async from(...options) {
      const one = `${name}-${(ids += 1)}`;
      await session.ok(['from', '--name', one, ...local, ...parent, ...options, session.image]);
      return one;
    },
    runWords: (...options) => ['run', ...how, ...options],
    budWords: (...options) => ['bud', ...local, ...parent, ...how, ...options],
  };
  await session.ok(['pull', `docker-archive:${images.busybox.archive}`]);
  return session;
}

async function clear({ ok }: Buildah): Promise<void> {
  await ok(['rm', '--all']);
}

const parts = { start, clear, end: clear, cases: buildahCases };

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
