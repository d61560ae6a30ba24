/** `exec`: another process in a container. */
import { RuntError } from '../../base/errors.ts';
import type { ExecProcess, ExecRequest } from '../../runtime/requests.ts';
import { atLeast, command } from '../command.ts';
import type { Command } from '../command.ts';
import { idNumber } from '../numbers.ts';
import { flag, given, list, path, text } from '../option.ts';
import type { Option, OptionTable, OptionValues } from '../option.ts';
import { consoleSocket, pidFile, pidfdSocket, preserveFds } from './create-options.ts';

interface ChangeOptions extends OptionTable {
  readonly cwd: Option<string | undefined>;
  readonly env: Option<readonly string[]>;
  readonly tty: Option<boolean>;
  readonly user: Option<string | undefined>;
  readonly additionalGids: Option<readonly string[]>;
  readonly processLabel: Option<string | undefined>;
  readonly apparmor: Option<string | undefined>;
  readonly noNewPrivs: Option<boolean>;
  readonly cap: Option<readonly string[]>;
}

const changeOptions: ChangeOptions = {
  cwd: text('working directory in the container'),
  env: list('set an environment variable, NAME=value (may be repeated)', { short: 'e' }),
  tty: flag('allocate a pseudo-TTY', { short: 't' }),
  user: text('user and group: <uid>[:<gid>]', { short: 'u' }),
  additionalGids: list('an additional group id (may be repeated)', { short: 'g' }),
  processLabel: text('SELinux label of the process'),
  apparmor: text('AppArmor profile of the process'),
  noNewPrivs: flag('set no_new_privs for the process'),
  cap: list('add a capability to the process (may be repeated)', { short: 'c' }),
};

export const execCommand: Command = command({
  usage: '<container-id> <command> [arguments...] | -p process.json <container-id>',
  description:
    "Runs a command in a running or created container. It is like the container's own process\n" +
    'but for the options here, or is described whole by a process object of the specification.',
  arity: atLeast(1),
  stopsAtPositional: true,
  options: {
    ...changeOptions,
    process: path('JSON file with the whole process', { short: 'p' }),
    detach: flag('return when the process runs', { short: 'd' }),
    consoleSocket,
    pidfdSocket,
    pidFile,
    preserveFds,
    cgroup: list(
      "run in a cgroup below the container's own: <path>, or on cgroup v1 <controller>[,...]:<path> (may be repeated)",
    ),
    ignorePaused: flag('also in a paused container: the process waits for the resume'),
  },
  request: ([id = '', ...args], options): ExecRequest => ({
    id,
    process: execProcess(args, options, options.process),
    detach: options.detach,
    preserveFds: options.preserveFds,
    ...(options.cgroup.length > 0 && { cgroups: options.cgroup }),
    ...(options.ignorePaused && { ignorePaused: true }),
    ...given({
      consoleSocket: options.consoleSocket,
      pidfdSocket: options.pidfdSocket,
      pidFile: options.pidFile,
    }),
  }),
  run: (request, runtime) => runtime.exec(request),
  status: (status) => status,
});

/** A file excludes every change; conmon sends `--tty` beside it, so that is no error. */
function execProcess(
  args: readonly string[],
  options: OptionValues<ChangeOptions>,
  file: string | undefined,
): ExecProcess {
  if (file !== undefined) return { kind: 'file', path: file };
  if (args.length === 0) throw new RuntError('usage', { text: 'exec args cannot be empty' });
  return {
    kind: 'changes',
    args,
    tty: options.tty,
    env: options.env,
    additionalGids: options.additionalGids.map((gid) => idNumber(gid, 'additional group id')),
    capabilities: options.cap,
    noNewPrivileges: options.noNewPrivs,
    ...given({
      cwd: options.cwd,
      user: userAndGroup(options.user),
      selinuxLabel: options.processLabel,
      apparmorProfile: options.apparmor,
    }),
  };
}

/** A user without a group keeps the container's own. */
function userAndGroup(words: string | undefined): { uid: number; gid?: number } | undefined {
  if (words === undefined) return undefined;
  const colon = words.indexOf(':');
  if (colon < 0) return { uid: idNumber(words, 'user id') };
  return {
    uid: idNumber(words.slice(0, colon), 'user id'),
    gid: idNumber(words.slice(colon + 1), 'group id'),
  };
}
