/**
 * A systemd of an ordinary user's own, below the system's, and programs that this user runs.
 */
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { execaSync } from 'execa';

/** Debian's nobody and nogroup. */
const nobody = 65_534;

export interface UserManager {
  readonly user: number;
  /** XDG_RUNTIME_DIR */
  readonly folder: string;
  readonly unit: string;
  stop(): void;
}

/** `withBus`: it has a message bus, too. `folder` is its XDG_RUNTIME_DIR, and goes when it stops. */
export function userManager(
  name: string,
  withBus: boolean,
  user: number = nobody,
  folder = `/run/${name}`,
): UserManager {
  const unit = `${name}.service`;
  const units = `${folder}/systemd/user`;
  mkdirSync(units, { recursive: true });
  if (withBus) {
    writeFileSync(`${units}/dbus.socket`, '[Socket]\nListenStream=%t/bus\n');
    writeFileSync(
      `${units}/dbus.service`,
      '[Unit]\nRequires=dbus.socket\n[Service]\nType=notify\nNotifyAccess=main\n' +
        'ExecStart=/usr/bin/dbus-daemon --session --address=systemd: --nofork --systemd-activation\n',
    );
  }
  for (const path of [folder, `${folder}/systemd`, units]) chownSync(path, user, user);
  execaSync('systemd-run', [
    `--unit=${unit}`,
    '--service-type=notify',
    '--property=Delegate=yes',
    `--property=User=${user}`,
    `--setenv=XDG_RUNTIME_DIR=${folder}`,
    '--setenv=HOME=/',
    '/lib/systemd/systemd',
    '--user',
  ]);
  const manager = {
    user,
    folder,
    unit,
    stop() {
      execaSync('systemctl', ['stop', unit], { reject: false });
      execaSync('systemctl', ['reset-failed', unit], { reject: false });
      execaSync('rm', ['-rf', folder]);
    },
  };
  if (withBus) asUser(manager, 'systemctl', '--user', 'start', 'dbus.service');
  return manager;
}

/** Its standard output. The environment tells where the manager's own socket is. */
export function asUser({ folder, user: id }: UserManager, ...words: readonly string[]): string {
  const user = ['--reuid', String(id), '--regid', String(id), '--clear-groups', '--'];
  return execaSync('setpriv', [...user, ...words], { env: { XDG_RUNTIME_DIR: folder } }).stdout;
}
