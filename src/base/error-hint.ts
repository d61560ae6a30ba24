/**
 * What a user can do about an error, as a clause for behind its sentence; the twin of render-error.ts.
 *
 * Programs search the sentence, so nothing is put into it: a log has the hint beside it, a terminal behind it in brackets.
 * Only the command line asks for hints, and only once something has failed.
 */
import { isRuntError } from './errors.ts';
import type { ErrorCode, ErrorFacts } from './errors.ts';

/** What of the command line decides how a hint is to be worded. */
export interface Advice {
  /** A command of ours as it has to be typed: with the program's name and the root that was given. */
  readonly command: (words: string) => string;
  /** The same for a word that needs no containers. */
  readonly program: string;
  /** The words of the command line were not understood: those of this command, or those before any. */
  readonly misread?: { readonly verb?: string | undefined } | undefined;
  readonly isRoot: boolean;
  /** A container whose name is almost the one that does not exist. */
  readonly nearest?: string | undefined;
}

/** Undefined where nothing sensible can be said. */
export function hintOf(error: unknown, advice: Advice): string | undefined {
  if (!isRuntError(error)) return undefined;
  return hintFor(error.code, error.facts, advice);
}

const hintFor = <C extends ErrorCode>(code: C, facts: ErrorFacts[C], advice: Advice) =>
  hints[code]?.(facts, advice);

const hints: {
  readonly [C in ErrorCode]?: (facts: ErrorFacts[C], advice: Advice) => string | undefined;
} = {
  usage: ({ helpWasShown, meant }, { program, misread }) => {
    if (meant !== undefined) return `did you mean ${meant}?`;
    if (helpWasShown === true || misread === undefined) return undefined;
    return `see ${program} help${misread.verb === undefined ? '' : ` ${misread.verb}`}`;
  },
  'console-rule': ({ rule }) =>
    rule === 'needs-socket'
      ? 'give --console-socket PATH, or leave the terminal out: "terminal": false in process, or no --tty'
      : 'leave --console-socket out, or give it with --detach and a terminal',
  'bundle-missing': ({ path, what }, { program }) =>
    what === 'config'
      ? `a bundle is named by --bundle; to make a config.json in ${path}: ${program} spec --bundle ${path}`
      : 'a bundle is a folder with a config.json and a root filesystem, named by --bundle',
  'bundle-invalid': ({ findings: [first] }) => findingHints[first?.code ?? ''],
  'id-invalid': () => 'an id is made of letters, digits and _ + - . and is no longer than 255',
  'id-in-use': ({ id }, { command }) =>
    `take another id, or remove that container: ${command(`delete ${id}`)}, with --force while it runs`,
  'container-missing': (_, { command, nearest }) =>
    nearest === undefined
      ? `to see which there are: ${command('list')}`
      : `did you mean ${nearest}?`,
  'container-not-running': ({ id }, advice) => askState(id, advice),
  'container-not-paused': ({ id }, advice) => askState(id, advice),
  'wrong-status': wrongStatus,
  'record-damaged': ({ path }, { command }) =>
    `to clear it away: ${command(`delete --force ${path.split('/').at(-2) ?? ''}`)}`,
  'record-version': () => 'use that version of runt for it',
  'system-call': ({ doing, errno }, advice) => systemCallHint(doing, errno, advice),
  'step-failed': stepHint,
  'executable-missing': ({ name, errno }) => {
    if (errno === 'EACCES')
      return 'it needs to be a file with the right to be executed, for the user of the process';
    if (errno !== 'ENOENT') return undefined;
    return name.includes('/')
      ? 'the path is one inside of the container: look below root.path'
      : 'it is looked for inside of the container, in the folders of PATH in process.env';
  },
  'exec-failed': ({ errno }) => {
    if (errno === 'ENOENT')
      return 'the file is there, but not the interpreter or the loader that it names';
    return errno === 'ENOEXEC'
      ? 'it is a script without #!, or made for another processor'
      : undefined;
  },
  'hook-failed': ({ reason }) =>
    reason === 'ENOENT'
      ? 'the path of a hook is one of the host, and of startContainer one inside of the container'
      : undefined,
  'seccomp-agent': () =>
    'the agent of linux.seccomp.listenerPath has to listen before the container starts',
  'librunt-unusable': () => 'install runt again; in a checkout: npm run build',
  'host-lacks': lackHint,
  'not-supported': ({ property }) => `take ${property} out of config.json`,
  busy: ({ cgroup }) => (cgroup === undefined ? undefined : busyHints[cgroup]),
  'systemd-missing': () => withoutSystemd,
  'systemd-unreachable': () => withoutSystemd,
};

const withoutSystemd = 'leave --systemd-cgroup out: cgroups are then made without systemd';

const askState = (id: string, { command }: Advice) =>
  `to see its status: ${command(`state ${id}`)}`;

function wrongStatus(
  { id, verb, status }: ErrorFacts['wrong-status'],
  advice: Advice,
): string | undefined {
  const { command } = advice;
  if (status === 'stopped')
    return verb === 'start' || verb === 'exec'
      ? `its process has ended: remove it with ${command(`delete ${id}`)} and create it again`
      : askState(id, advice);
  switch (verb) {
    case 'start':
      return status === 'running'
        ? `for one more process in it: ${command(`exec ${id} PROGRAM`)}`
        : undefined;
    case 'delete':
      return `end it first with ${command(`kill ${id} KILL`)}, or do both: ${command(`delete --force ${id}`)}`;
    case 'exec':
      return status === 'paused'
        ? `to let it go on: ${command(`resume ${id}`)}`
        : askState(id, advice);
    default:
      return askState(id, advice);
  }
}

const noRoot =
  'you are not root: run it as root, or with a --root of your own and a config made by spec --rootless';

function systemCallHint(doing: string, errno: string, { isRoot }: Advice): string | undefined {
  if (!isRoot && (errno === 'EACCES' || errno === 'EPERM')) return noRoot;
  if (doing.startsWith('write the pid file ') && errno === 'ENOENT')
    return 'its folder has to be there';
  if (doing.startsWith('hand ') && (errno === 'ENOENT' || errno === 'ECONNREFUSED'))
    return 'a program has to listen at that socket before';
  if (errno === 'EROFS' && doing.includes('/sys/fs/cgroup'))
    return 'cgroups are mounted read-only here: mount them for writing, or do without by --cgroup-manager disabled';
  return errno === 'ENOSPC' ? 'the file system is full' : undefined;
}

function stepHint(
  { origin, doing, errno }: ErrorFacts['step-failed'],
  { isRoot }: Advice,
): string | undefined {
  const [property = ''] = /^[\w.]*/.exec(origin) ?? [];
  const known = stepHints[`${property} ${errno}`];
  if (known !== undefined) return known;
  if (errno === 'ENOENT' && doing.includes(' for the bind mount on '))
    return 'the source has to be there; a relative one is looked for in the bundle';
  if (property === 'mounts' && errno === 'EPERM' && doing.startsWith('set the flags'))
    return 'in a user namespace the flags that the source has must stay: give them as options, too';
  return !isRoot && errno === 'EPERM' ? noRoot : undefined;
}

/** By the property to blame and the errno. */
const stepHints: Readonly<Record<string, string>> = {
  'mounts EROFS': 'that file system is read-only, so what is mounted upon has to be in it already',
  'mounts ENODEV': 'its module may not be loaded: see modprobe(8)',
  'linux.namespaces ENOENT': 'the process whose namespace it is may have ended',
  'linux.namespaces ENOSPC': 'there may be no more of them: see /proc/sys/user',
  'linux.devices EPERM': 'a user namespace may not make devices: bind-mount those of the host',
  'process.rlimits EPERM':
    'without CAP_SYS_RESOURCE a hard limit cannot be above that of the caller: see ulimit -H',
  'linux.sysctl ENOENT': 'this kernel does not have it, or not in the namespaces of the container',
};

const findingHints: Readonly<Record<string, string>> = {
  'root-missing':
    'fill a folder first, for example: mkdir rootfs && docker export $(docker create IMAGE) | tar -x -C rootfs',
};

const libraries: Readonly<Record<string, string>> = {
  'libseccomp.so.2': 'libseccomp2',
  'libsystemd.so.0': 'libsystemd0',
};

/** A library is installed; what else a host lacks can only be done without. */
function lackHint({ what, needed }: ErrorFacts['host-lacks']): string | undefined {
  const library = libraries[what];
  if (library !== undefined) return `install it: the package is called ${library} or much like it`;
  return /^(linux|process|mounts)\b/.test(needed) ? `take ${needed} out of config.json` : undefined;
}

const busyHints = {
  occupied:
    'another container or service is there: give linux.cgroupsPath another value, or end those processes',
  frozen: 'thaw it, or give linux.cgroupsPath another value',
} as const;
