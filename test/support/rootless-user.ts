/**
 * Users who are not root, for whom the machine itself is not changed: one is only a number, the other has a name and
 * ranges of ids in a mount namespace that ends with each command.
 */
import { execaSync } from 'execa';
import { defaultConfig } from '../../src/bundle/default-config.ts';
import type { Change } from './bundle-builder.ts';
import { isV2 } from './control-files.ts';
import type { RuntimeUnderTest } from './runtimes.ts';
import type { Stage } from './stage.ts';

export interface RootlessUser {
  readonly id: number;
  /** Words before a command that it runs. */
  readonly through: readonly string[];
}

const becoming = (id: number): readonly string[] => [
  'setpriv',
  `--reuid=${id}`,
  `--regid=${id}`,
  '--clear-groups',
];

/** No name, no ranges: all that it can map is itself. */
export const aloneUser: RootlessUser = { id: 23_001, through: becoming(23_001) };

/** Debian's nobody: systemd runs only for who has a name. */
export const nobody: RootlessUser = { id: 65_534, through: becoming(65_534) };

/** What is lent to the other: a number beyond those of the containers. */
export const lent = { uid: 1_300_000, gid: 1_400_000, size: 65_536 } as const;

export const nameOfLentUser = 'runt-e2e';

/** /etc as it would be if this user were there. Its mount on /mnt is one whose flags a user namespace finds locked. */
const etc = (id: number): string => `
  mount -t tmpfs -o nosuid,nodev none /mnt
  for file in passwd group subuid subgid; do cat /etc/$file >/mnt/$file; done
  echo '${nameOfLentUser}:x:${id}:${id}::/:/bin/sh' >>/mnt/passwd
  echo '${nameOfLentUser}:x:${id}:' >>/mnt/group
  echo '${nameOfLentUser}:${lent.uid}:${lent.size}' >>/mnt/subuid
  echo '${nameOfLentUser}:${lent.gid}:${lent.size}' >>/mnt/subgid
  for file in passwd group subuid subgid; do mount --bind /mnt/$file /etc/$file; done
  exec "$@"`;

export const lentUser: RootlessUser = {
  id: 23_002,
  through: ['unshare', '-m', 'sh', '-ec', etc(23_002), 'sh', ...becoming(23_002)],
};

export const of = (user: RootlessUser, runtime: RuntimeUnderTest): RuntimeUnderTest => ({
  ...runtime,
  through: user.through,
});

/** As `spec --rootless` of this user writes it, without a terminal; the changes that follow are to that. */
export const rootlessConfig =
  ({ id }: RootlessUser): Change =>
  (config) => {
    const user = { uid: id, gid: id };
    Object.assign(config, structuredClone(defaultConfig({ cgroupV2: isV2, user })));
    config.process.terminal = false;
  };

/** All of the user's own id is root, and what it was lent comes after. */
export const withLentIds =
  ({ id }: RootlessUser): Change =>
  (config) => {
    const map = (first: number) => [
      { containerID: 0, hostID: id, size: 1 },
      { containerID: 1, hostID: first, size: lent.size },
    ];
    config.linux.uidMappings = map(lent.uid);
    config.linux.gidMappings = map(lent.gid);
  };

/** Everything on the stage is its own from here on. */
export function giveStage(stage: Stage, { id }: RootlessUser): void {
  execaSync('chown', ['-hR', `${id}:${id}`, stage.folder]);
}

/** A bundle of the user's, to which the changes are made. */
export function rootlessBundle(
  stage: Stage,
  user: RootlessUser,
  ...changes: readonly Change[]
): string {
  const bundle = stage.bundle(rootlessConfig(user), ...changes);
  giveStage(stage, user);
  return bundle;
}
