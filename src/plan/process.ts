/**
 * The last chapter of every plan, of a container's init as of an exec'ed process: from root in the container to the
 * user's program. The order is the kernel's: what needs a privilege comes before the privilege goes.
 */
import type { Process, Rlimit, User } from '../bundle/config.ts';
import { capabilityBits } from './capability.ts';
import { environmentOf, executableCandidates } from './environment.ts';
import { addFilter, keptForFilter } from './filter.ts';
import { resourceNumber } from './flags.ts';
import { limitBits } from './hooks.ts';
import type { CallerTraits, ProcessInput } from './input.ts';
import type { Draft, HostAction } from './plan.ts';
import type { Slot } from './generated/ops.ts';

/** A process without a user is root's; one without a group is of group 0, as under runc. */
export const userOf = ({ user }: Process): User & { readonly gid: number } => ({
  uid: 0,
  ...user,
  gid: user?.gid ?? 0,
});

/** What comes while the process is still root: its terminal or inherited streams. */
export function addStandardStreams(
  draft: Draft,
  process: Process,
  terminal: Slot | undefined,
): void {
  const { uid } = userOf(process);
  if (terminal === undefined) draft.add('own the standard streams', { kind: 'ownStdio', uid });
  else {
    draft.add(
      'use the terminal',
      { kind: 'useTerminal', terminal, uid },
      { origin: 'process.terminal' },
    );
    draft.release(terminal);
  }
}

/** Ids and capabilities, the working folder and the program: all that can be known to fail before `start`. */
export function addIdentity(draft: Draft, input: ProcessInput): void {
  const { process } = input;
  const user = userOf(process);
  const { env, needsHome } = environmentOf(process.env ?? []);
  const capabilities = process.capabilities;
  const cwd = { kind: 'workingFolder', path: process.cwd } as const;
  const explain = {
    EXDEV:
      'it is outside of container mount namespace root -- possible container breakout detected',
  };

  if (needsHome) draft.add('look up the home folder', { kind: 'homeFolder', uid: user.uid });
  // as root or as the user: whichever may enter it (it counts once)
  draft.add(`change to the folder ${process.cwd}`, cwd, {
    origin: 'process.cwd',
    tolerate: ['EACCES', 'EPERM'],
    explain,
  });
  if (capabilities)
    draft.add(
      'drop capabilities from the bounding set',
      { kind: 'boundingSet', keep: capabilityBits(capabilities.bounding) },
      { origin: 'process.capabilities.bounding' },
    );
  draft.add('keep capabilities over the change of user', { kind: 'keepCapabilities', on: 1 });
  draft.add(
    `become user ${user.uid} and group ${user.gid}`,
    {
      kind: 'ids',
      uid: user.uid,
      gid: user.gid,
      groups: user.additionalGids ?? [],
      setgroups: input.mayDropGroups ? 1 : 0,
    },
    { origin: 'process.user', explain: { EINVAL: 'the user namespace does not map these ids' } },
  );
  draft.add(`change to the folder ${process.cwd}`, cwd, { origin: 'process.cwd', explain });
  draft.add('stop keeping capabilities', { kind: 'keepCapabilities', on: 0 });
  if (capabilities) addCapabilities(draft, capabilities, keptForFilter(input));
  if (process.noNewPrivileges)
    draft.add(
      'forbid new privileges',
      { kind: 'noNewPrivileges' },
      { origin: 'process.noNewPrivileges' },
    );
  const name = process.args?.[0] ?? '';
  draft.add(
    `find the executable ${name}`,
    { kind: 'findExecutable', candidates: executableCandidates(name, env) },
    { origin: 'process.args[0]' },
  );
}

function addCapabilities(
  draft: Draft,
  { effective, permitted, inheritable, ambient }: NonNullable<Process['capabilities']>,
  kept: bigint,
): void {
  draft.add(
    'set the capabilities',
    {
      kind: 'capabilities',
      effective: capabilityBits(effective),
      permitted: capabilityBits(permitted) | kept,
      inheritable: capabilityBits(inheritable),
    },
    { origin: 'process.capabilities' },
  );
  draft.add(
    'raise the ambient capabilities',
    {
      kind: 'ambientSet',
      raise: capabilityBits(ambient) & capabilityBits(permitted) & capabilityBits(inheritable),
    },
    { origin: 'process.capabilities.ambient', tolerate: ['any'], warn: true },
  );
}

/** The caller's signals, the descriptors that stay, the filter: from here on the process is as the program finds it. */
export function addLastTouches(draft: Draft, input: ProcessInput): void {
  const { caller } = input;
  // as under runc nothing stays ignored, not even what nohup ignores; what was blocked stays blocked
  draft.add("restore the caller's signals", {
    kind: 'signalMask',
    mask: caller.blocked,
  });
  draft.add('close every other descriptor', {
    kind: 'keepDescriptors',
    count: input.preserveFds,
  });
  addFilter(draft, input);
}

export function addExec(draft: Draft, { process }: ProcessInput): void {
  const { env } = environmentOf(process.env ?? []);
  draft.add(
    `exec ${process.args?.[0] ?? ''}`,
    { kind: 'exec', argv: process.args ?? [], env },
    { origin: 'process.args' },
  );
}

/** Those of the config, and the caller's limit on open files where it names none: the engine raised its own. */
function limitsOf(
  process: Process,
  caller: CallerTraits,
): readonly (Rlimit & { origin: string })[] {
  const own = (process.rlimits ?? []).map((limit, index) => ({
    ...limit,
    origin: `process.rlimits[${index}]`,
  }));
  return own.some(({ type }) => type === 'RLIMIT_NOFILE')
    ? own
    : [{ type: 'RLIMIT_NOFILE', ...caller.nofile, origin: '' }, ...own];
}

/**
 * Set by the process itself while it is still root: from outside, the limits of another user's process need
 * CAP_SYS_RESOURCE (prlimit(2)), which even root may lack.
 */
export function addLimits(draft: Draft, process: Process, caller: CallerTraits): void {
  for (const { type, soft, hard, origin } of limitsOf(process, caller))
    draft.add(
      `set ${type}`,
      {
        kind: 'resourceLimit',
        resource: numberOf(type),
        soft: limitBits(soft),
        hard: limitBits(hard),
      },
      { origin },
    );
}

/** The same from outside, for a process in a user namespace: that has no right to raise them itself. */
export function limitActions(process: Process, caller: CallerTraits): readonly HostAction[] {
  return limitsOf(process, caller).map(({ type, soft, hard }) => ({
    kind: 'limit',
    resource: type,
    soft,
    hard,
  }));
}

function numberOf(type: string): number {
  const number = resourceNumber[type];
  if (number === undefined) throw new TypeError(`a rule has let the limit ${type} pass`);
  return number;
}
