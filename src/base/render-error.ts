/**
 * Turns errors into words; the only file that does.
 *
 * Where runc has a sentence it stands here letter by letter: docker, podman and containerd search
 * for pieces of it to choose an exit code.
 */
import { errnoText } from './errno-text.ts';
import { isRuntError } from './errors.ts';
import type { ErrorCode, ErrorFacts, Finding } from './errors.ts';

/** The sentence of an error, without a final period: one line, unless a hook's output has more. */
export function renderError(error: unknown): string {
  if (!isRuntError(error)) return error instanceof Error ? error.message : String(error);
  const cleanup = error.cleanup.map(
    (failure) => `; and while cleaning up: ${renderError(failure)}`,
  );
  return sentence(error.code, error.facts) + cleanup.join('');
}

/** An error as plain data, for programs. */
export interface ErrorDocument {
  /** `unexpected` is an error that is none of runt's own: a fault in the program. */
  readonly code: ErrorCode | 'unexpected';
  readonly message: string;
  readonly facts?: ErrorFacts[ErrorCode];
  readonly cleanup?: readonly ErrorDocument[];
}

export function errorDocument(error: unknown): ErrorDocument {
  if (!isRuntError(error)) return { code: 'unexpected', message: renderError(error) };
  return {
    code: error.code,
    message: sentence(error.code, error.facts),
    facts: error.facts,
    ...(error.cleanup.length > 0 ? { cleanup: error.cleanup.map(errorDocument) } : {}),
  };
}

/** One fault of a bundle in one line. */
export function renderFinding(finding: Finding): string {
  const { code, pointer, found, allowed, section } = finding;
  const words = likeRunc[code]?.(found) ?? `found ${found}, allowed ${allowed}`;
  return `${pointer === '' ? 'document' : pointer}: ${words} (${section})`;
}

/** Faults that runc has a sentence for. */
const likeRunc: Readonly<Record<string, (found: string) => string>> = {
  'systemd-cgroups-path': (found) =>
    `expected cgroupsPath to be of format "slice:prefix:name" for systemd cgroups, got ${found} instead`,
  'slice-name': (found) => `invalid slice name: ${found}`,
};

/** What lets people recognise the errno: its text for reading, its name for searching. */
function reason(errno: string): string {
  const text = errnoText(errno);
  return text === errno ? errno : `${text} (${errno})`;
}

const sentences: { readonly [C in ErrorCode]: (facts: ErrorFacts[C]) => string } = {
  usage: ({ text }) => text,
  'console-rule': ({ text }) => text,
  'bundle-missing': ({ path, what }) =>
    what === 'config'
      ? 'JSON specification file config.json not found'
      : `bundle ${path}: no such file or directory`,
  'json-syntax': ({ path, line, column, reason: why }) => `${path}:${line}:${column}: ${why}`,
  'bundle-invalid': bundleInvalid,
  'id-invalid': () => 'invalid container ID format',
  'id-in-use': () => 'container with given ID already exists',
  'container-missing': () => 'container does not exist',
  'container-not-running': () => 'container not running',
  'container-not-paused': () => 'container not paused',
  'wrong-status': wrongStatus,
  'record-damaged': ({ path, reason: why }) => `the container's record ${path} is damaged: ${why}`,
  'record-version': ({ path, version }) =>
    `the container's record ${path} has version ${version}: another runt wrote it`,
  'system-call': ({ doing, errno }) => `cannot ${doing}: ${reason(errno)}`,
  'step-failed': stepFailed,
  'executable-missing': ({ name, errno }) =>
    `exec: ${JSON.stringify(name)}: ${executableFault(name, errno)}`,
  'exec-failed': ({ path, errno }) => `exec ${path}: ${errnoText(errno)}`,
  'init-died': ({ status }) => `the container's init ended before it was ready: ${status}`,
  'hook-failed': ({ stage, index, reason: why, output }) => {
    const said = output.trim() === '' ? '' : `, output: ${output.trim()}`;
    return `error running ${stage} hook #${index}: ${why}${said}`;
  },
  'librunt-unusable': ({ path, reason: why }) => `cannot load ${path}: ${inOneLine(why)}`,
  'host-lacks': ({ what, needed }) => `this host lacks ${what}, needed for ${needed}`,
  'seccomp-agent': ({ path, errno }) =>
    `failed to connect with seccomp agent ${path}: ${errnoText(errno)}`,
  'limit-refused': ({ property, file, value, errno, hint }) =>
    `${property}: cannot write ${JSON.stringify(value)} to ${file}: ${reason(errno)}${hint === '' ? '' : `: ${hint}`}`,
  'id-map-tool': ({ tool, property }) =>
    `${property}: a user who is not root needs ${tool} to map more than its own id, and PATH does not have it: install the package uidmap (Debian, Ubuntu), shadow-utils (Fedora, openSUSE), shadow (Arch) or shadow-uidmap (Alpine)`,
  'id-map-refused': idMapRefused,
  'cgroup-rights': ({ property, path, errno }) => {
    // runc's words, which programs look for
    const words =
      property === 'linux.cgroupsPath'
        ? 'unable to apply cgroup configuration'
        : 'rootless needs no limits + no cgrouppath when no permission is granted for cgroups';
    return `${property}: ${words}: cannot write to ${path}: ${reason(errno)}`;
  },
  'not-supported': ({ property }) => `${property} is not supported`,
  busy: ({ what }) => what,
  'systemd-missing': () => 'systemd not running on this host, cannot use systemd cgroups manager',
  'systemd-unreachable': systemdUnreachable,
  systemd: ({ doing, reason: why }) => `cannot ${doing}: ${inOneLine(why)}`,
  'systemd-job': ({ verb, unit, result }) =>
    `error ${verb === 'create' ? 'creating' : 'removing'} systemd unit \`${unit}\`: got \`${result}\``,
  'systemd-timeout': ({ verb, unit }) =>
    `${verb === 'create' ? 'Timeout waiting' : 'Timed out while waiting'} for systemd to ${verb} ${unit}`,
};

function sentence<C extends ErrorCode>(code: C, facts: ErrorFacts[C]): string {
  return sentences[code](facts);
}

function idMapRefused(facts: ErrorFacts['id-map-refused']): string {
  const { property, said, file, user, missing } = facts;
  const refusal = `${property}: ${inOneLine(said)}`;
  if (missing === undefined) return refusal;
  const { first, size } = missing;
  const ids = size === 1 ? `the id ${first}` : `all ids from ${first} to ${first + size - 1}`;
  return `${refusal}: ${file} does not lend ${user} ${ids} (a line that does: ${user}:${first}:${size})`;
}

/** Somebody else's sentence in the middle of ours. */
function inOneLine(said: string): string {
  return said.trim().replaceAll(/\s+/g, ' ').replace(/\.$/, '');
}

function systemdUnreachable({ user, tried }: ErrorFacts['systemd-unreachable']): string {
  const whose = user ? "the user's systemd" : 'systemd';
  const each = tried.map(({ address, reason: why }) => `${address}: ${inOneLine(reason(why))}`);
  return each.length === 0
    ? `cannot reach ${whose}: neither DBUS_SESSION_BUS_ADDRESS nor XDG_RUNTIME_DIR is set`
    : `cannot reach ${whose}: ${each.join('; ')}`;
}

/** A mount's fault begins as runc's does, then comes what is known beyond that. */
function stepFailed({ origin, doing, errno, detail }: ErrorFacts['step-failed']): string {
  const mounting = origin.startsWith('mounts[') ? 'error mounting ' : '';
  const place = origin === '' ? '' : `${origin}: `;
  const more = detail === '' ? '' : `: ${detail}`;
  return `${mounting}${place}cannot ${doing}: ${reason(errno)}${more}`;
}

function executableFault(name: string, errno: string): string {
  if (errno !== 'ENOENT') return errnoText(errno);
  return name.includes('/')
    ? `stat ${name}: no such file or directory`
    : 'executable file not found in $PATH';
}

/** The first fault and how many more: the command that prints them all is `validate`. */
function bundleInvalid({ path, findings }: ErrorFacts['bundle-invalid']): string {
  const [first, ...others] = findings;
  const shown = first === undefined ? 'not a valid bundle' : renderFinding(first);
  if (others.length === 0) return `${path}: ${shown}`;
  const all = path.startsWith('/') ? `; to see them all: runt validate ${path}` : '';
  return `${path}: ${shown}, and ${others.length} more${all}`;
}

function wrongStatus({ id, verb, status }: ErrorFacts['wrong-status']): string {
  switch (verb) {
    case 'start':
      if (status === 'stopped') return 'cannot start a container that has stopped';
      if (status === 'running') return 'cannot start an already running container';
      return `cannot start a container in the ${status} state`;
    case 'delete':
      return `cannot delete container ${id} that is not stopped: ${status}`;
    case 'exec': {
      const way = status === 'paused' ? ' (use --ignore-paused to override)' : '';
      return `cannot exec in a ${status} container${way}`;
    }
    case 'pause':
    case 'update':
      return 'container not running';
    case 'events':
      return `container with id ${id} is not running`;
    default:
      return `cannot ${verb} a ${status} container`;
  }
}
