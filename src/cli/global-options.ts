/**
 * The options before the command: where the containers are, and where the log goes.
 */
import { resolve } from 'node:path';
import { RuntError } from '../base/errors.ts';
import type { LogFormat } from '../base/log.ts';
import type { CgroupManager } from '../runtime/requests.ts';
import type { CliHost } from './host.ts';
import { choice, flag, path, text } from './option.ts';
import type { Option, OptionTable, OptionValues } from './option.ts';

interface GlobalTable extends OptionTable {
  readonly debug: Option<boolean>;
  readonly log: Option<string | undefined>;
  readonly logFormat: Option<LogFormat>;
  readonly root: Option<string | undefined>;
  readonly systemdCgroup: Option<boolean>;
  readonly cgroupManager: Option<CgroupManager>;
  readonly help: Option<boolean>;
  readonly version: Option<boolean>;
}

export type GlobalOptions = OptionValues<GlobalTable>;

export const globalOptions: GlobalTable = {
  debug: flag('enable debug logging'),
  log: path('file that the log is appended to (default: stderr)'),
  logFormat: choice('form of the log', ['text', 'json'], 'invalid log-format'),
  root: text('folder of the containers\' state, best on a tmpfs (default: "/run/runt")'),
  systemdCgroup: flag('have systemd make the cgroups; cgroupsPath is then "slice:prefix:name"'),
  cgroupManager: choice(
    'who makes the cgroups',
    ['cgroupfs', 'systemd', 'disabled'],
    'invalid cgroup-manager',
  ),
  help: flag('show help', { short: 'h' }),
  version: flag('print the version', { short: 'v' }),
};

/** runc's flag is the second of crun's three words. */
export const managerOf = ({ systemdCgroup, cgroupManager }: GlobalOptions): CgroupManager =>
  systemdCgroup ? 'systemd' : cgroupManager;

const systemRoot = '/run/runt';

/** The folder of the containers' state: `--root`, or the default of this user. */
export function rootFolder(given: string | undefined, host: CliHost): string {
  if (given === undefined) return defaultRoot(host);
  const root = given.startsWith('/') ? resolve(given) : resolve(host.cwd(), given);
  if (root !== '/') return root;
  // every folder of the host would pass for a container
  throw new RuntError('usage', { text: 'Option --root argument should not be set to /' });
}

function defaultRoot(host: CliHost): string {
  const own = host.env['XDG_RUNTIME_DIR'];
  if (own === undefined || own === '' || !isRootless(host)) return systemRoot;
  return `${own}/runt`;
}

/** Root of a user namespace is not root: rootless podman is one, and mostly has no USER in its environment. */
function isRootless(host: CliHost): boolean {
  if (host.euid !== 0) return true;
  return host.env['USER'] !== 'root' && host.inUserNamespace?.() === true;
}
