/**
 * The options before the command: where the containers are, and where the log goes.
 */
import { resolve } from 'node:path';
import { RuntError } from '../base/errors.ts';
import type { LogFormat } from '../base/log.ts';
import type { CgroupManager, Rootless } from '../runtime/requests.ts';
import type { CliHost } from './host.ts';
import { logTarget } from './log-target.ts';
import type { LogTarget } from './log-target.ts';
import { choice, flag, path, text } from './option.ts';
import type { Option, OptionTable, OptionValues } from './option.ts';

interface GlobalTable extends OptionTable {
  readonly debug: Option<boolean>;
  readonly log: Option<LogTarget | undefined>;
  readonly logFormat: Option<LogFormat>;
  readonly root: Option<string | undefined>;
  readonly rootless: Option<Rootless>;
  readonly systemdCgroup: Option<boolean>;
  readonly cgroupManager: Option<CgroupManager>;
  readonly trace: Option<string | undefined>;
  readonly help: Option<boolean>;
  readonly version: Option<boolean>;
}

export type GlobalOptions = OptionValues<GlobalTable>;

export const globalOptions: GlobalTable = {
  debug: flag('enable debug logging'),
  log: logTarget,
  logFormat: choice('form of the log', ['text', 'json'], 'invalid log-format'),
  root: text("folder of the containers' state, best on a tmpfs (default: below /run)"),
  rootless: {
    about:
      'do without cgroups that may not be made: true, false, or auto for who is not root of the host (default: "auto")',
    value: 'value',
    initial: 'auto',
    read: rootlessOf,
  },
  systemdCgroup: flag('have systemd make the cgroups; cgroupsPath is then "slice:prefix:name"'),
  cgroupManager: choice(
    'who makes the cgroups; disabled is nobody: there are no limits and no device filter then',
    ['cgroupfs', 'systemd', 'disabled'],
    'invalid cgroup-manager',
  ),
  trace: path('file for a trace of where the time goes, which `trace` shows, and Perfetto'),
  help: flag('show help', { short: 'h' }),
  version: flag('print the version', { short: 'v' }),
};

/** Those that may stand behind a command as well. */
export const inheritedOptions: OptionTable = Object.fromEntries(
  Object.entries(globalOptions).filter(([key]) => key !== 'help' && key !== 'version'),
);

/** runc's flag is the second of crun's three words. */
export const managerOf = ({ systemdCgroup, cgroupManager }: GlobalOptions): CgroupManager =>
  systemdCgroup ? 'systemd' : cgroupManager;

/** Called by runc's name, its containers are where programs that know runc look for them. */
const rootName = (program: string): string => (program === 'runc' ? 'runc' : 'runt');

/** The folder of the containers' state: `--root`, or the default of this user. */
export function rootFolder(given: string | undefined, program: string, host: CliHost): string {
  if (given === undefined) return defaultRoot(rootName(program), host);
  const root = given.startsWith('/') ? resolve(given) : resolve(host.cwd(), given);
  if (root !== '/') return root;
  // every folder of the host would pass for a container
  throw new RuntError('usage', { text: 'Option --root argument should not be set to /' });
}

function defaultRoot(name: string, host: CliHost): string {
  const own = host.env['XDG_RUNTIME_DIR'];
  if (own === undefined || own === '' || !isRootless(host)) return `/run/${name}`;
  return `${own}/${name}`;
}

/** Root of a user namespace is not root: rootless podman is one, and mostly has no USER in its environment. */
function isRootless(host: CliHost): boolean {
  if (host.euid !== 0) return true;
  return host.env['USER'] !== 'root' && host.inUserNamespace?.() === true;
}

/** Go's words for a truth value, as runc reads them. */
function rootlessOf(word: string): Rootless {
  if (word === '' || word.toLowerCase() === 'auto') return 'auto';
  if (/^(1|t|T|true|TRUE|True)$/.test(word)) return true;
  if (/^(0|f|F|false|FALSE|False)$/.test(word)) return false;
  throw new RuntError('usage', {
    text: `invalid value ${JSON.stringify(word)} for --rootless: want true, false or auto`,
  });
}
