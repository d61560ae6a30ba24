/**
 * What is another matter when a user who is not root builds: whose ids there are, and what a container may and may not do.
 */
import { deepEqual, equal } from 'node:assert/strict';
import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { lent } from '../support/rootless-user.ts';
import type { UserBuildah } from './buildah.ts';
import { commonCases } from './buildah-cases.ts';
import type { Cases } from './client.ts';

export const buildahUserCases: Cases<UserBuildah> = {
  ...commonCases,

  async 'run: ids are the user’s own and those lent to it'({ user, ok, from, runWords }) {
    const one = await from();
    const maps = `0 ${user.id} 1 1 ${lent.uid} ${lent.size}`;
    const words = [...runWords(), one, 'sh', '-c', 'echo $(cat /proc/self/uid_map)'];
    equal(await ok(words), `${maps}\n`);
    const shared = join(user.home, 'shared');
    mkdirSync(shared);
    user.give(shared);
    chmodSync(shared, 0o777);
    const touch = (name: string): string[] => [one, 'touch', `/w/${name}`];
    await ok([...runWords('--volume', `${shared}:/w`), ...touch('root')]);
    await ok([...runWords('--volume', `${shared}:/w`, '--user', '7:8'), ...touch('seven')]);
    const owners = ['root', 'seven'].map((name) => statSync(join(shared, name)).uid);
    deepEqual(owners, [user.id, lent.uid + 6]);
    await ok(['rm', one]);
  },

  async 'storage: overlay by fuse'({ openWith }) {
    const { ok, from, runWords } = await openWith(
      'overlay',
      '--storage-opt',
      'overlay.mount_program=/usr/bin/fuse-overlayfs',
    );
    const one = await from();
    // FUSE_SUPER_MAGIC
    equal(await ok([...runWords(), one, 'stat', '-f', '-c', '%t', '/']), '65735546\n');
    await ok(['rm', one]);
  },
};
