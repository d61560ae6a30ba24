/**
 * The plan of a container: the order of the chapters, and what the runtime does at the gates between them.
 */
import { addRootfs } from './container-root.ts';
import { enterNamespaces, opensInside } from './enter.ts';
import { inheritedByHooks } from './environment.ts';
import { cloneFlag, propagation, sigkill } from './flags.ts';
import type { Slot } from './generated/ops.ts';
import { addHooks } from './hooks.ts';
import type { ContainerInput } from './input.ts';
import { classicMounts, type StagingPlace } from './classic-mounts.ts';
import { modernMounts } from './mount-api.ts';
import { addCgroupJoins, type NamespacePlan, planNamespaces } from './namespaces.ts';
import {
  type Draft,
  gates,
  type HandedSlot,
  type HostAction,
  type Plan,
  startDraft,
} from './plan.ts';
import {
  addExec,
  addIdentity,
  addLastTouches,
  addLimits,
  addStandardStreams,
  limitActions,
  userOf,
} from './process.ts';
import { rootPropagation } from './rootfs.ts';
import { addEveryCpu, addScheduling } from './scheduling.ts';

const startListener: Slot = 0;

export function planContainer(input: ContainerInput): Plan {
  const { config } = input;
  if (config.process === undefined) throw new TypeError('a plan needs a process');
  const namespaces = planNamespaces(config.linux);
  const handed = handedTo(input);
  const draft = startDraft(handed);
  const { newMountApi, mountSetattr } = input.kernel;
  const mounts =
    newMountApi && mountSetattr
      ? modernMounts(draft, input.privilege)
      : classicMounts(draft, stagingPlace(input, namespaces), mountSetattr);
  draft.add('end with the runtime', { kind: 'deathSignal', signal: sigkill });
  // what is made for the container must not depend on the caller's
  draft.add('set the umask for what is made', { kind: 'umask', mask: 0o022 });
  if (input.waitsForUnit)
    draft.add('wait at the gate "placed"', { kind: 'gate', gate: gates.placed });
  addCgroupJoins(draft, input.cgroupFiles);
  addEveryCpu(draft);
  const opened = enterNamespaces(draft, mounts, input, namespaces);
  if (namespaces.created.has('cgroup'))
    draft.add('make the cgroup namespace', { kind: 'unshare', namespaces: cloneFlag.cgroup });
  addHostSettings(draft, input, namespaces);
  const terminal = addRootfs(draft, mounts, input, namespaces, opened);
  draft.add('make a session', { kind: 'setsid' });
  const process = { ...input, process: config.process };
  addStandardStreams(draft, config.process, terminal);
  addScheduling(draft, config.process, config.linux);
  draft.add('set the umask', {
    kind: 'umask',
    mask: userOf(config.process).umask ?? input.caller.umask,
  });
  if (!namespaces.hasUser) addLimits(draft, config.process, input.caller);
  addIdentity(draft, process);
  // an exec of its user, who has no rights but over what it may see, has to find it; it holds nothing of the host's by now
  if (opensInside(input) && namespaces.hasUser)
    draft.add('show itself to its user again', { kind: 'dumpable', on: 1 });
  addStart(draft, input);
  addLastTouches(draft, process);
  addStartHooks(draft, input);
  addExec(draft, process);
  return {
    namespaces: namespaces.forks ? 0 : namespaces.flags,
    forks: namespaces.forks,
    handed,
    preserveFds: input.preserveFds,
    steps: draft.steps,
    atGate: { ...hostActions(input, namespaces), ...ownerActions(draft) },
  };
}

const handedTo = ({ waitsForStart, traced }: ContainerInput): readonly HandedSlot[] => [
  ...(waitsForStart ? (['startListener'] as const) : []),
  ...(traced ? (['timeline'] as const) : []),
];

const stagingPlace = (
  { config, folder, privilege }: ContainerInput,
  { created }: NamespacePlan,
): StagingPlace => ({
  folder,
  coversRoot: !created.has('mount') || rootPropagation(config) === propagation.shared,
  privilege,
});

function addHostSettings(draft: Draft, input: ContainerInput, namespaces: NamespacePlan): void {
  const { config } = input;
  if (!input.noNewKeyring)
    draft.add(
      'make a session keyring',
      { kind: 'sessionKeyring', name: `_ses.${input.id}` },
      { tolerate: ['ENOSYS', 'EPERM'] },
    );
  if (namespaces.created.has('network')) draft.add('bring lo up', { kind: 'loopbackUp' });
  if (config.hostname)
    draft.add(
      `set the hostname to ${config.hostname}`,
      { kind: 'hostname', name: config.hostname },
      { origin: 'hostname' },
    );
  if (config.domainname)
    draft.add(
      `set the domainname to ${config.domainname}`,
      { kind: 'domainname', name: config.domainname },
      { origin: 'domainname' },
    );
}

/** `ready` is the last that the runtime sees of a create; the next one to knock is `start`. */
function addStart(draft: Draft, input: ContainerInput): void {
  // the runtime may end as soon as it has said go; should it end before, the gate fails
  draft.add('outlive the runtime', { kind: 'deathSignal', signal: 0 });
  draft.add('wait at the gate "ready"', { kind: 'gate', gate: gates.ready });
  if (input.waitsForStart)
    draft.add('wait for start', {
      kind: 'awaitStart',
      listener: startListener,
      gate: gates.start,
    });
}

/** They run under the filter of system calls, as the program will. */
function addStartHooks(draft: Draft, input: ContainerInput): void {
  const hooks = input.config.hooks?.startContainer ?? [];
  addHooks(
    draft,
    'startContainer',
    hooks,
    input.hookState.startContainer,
    inheritedByHooks(input.config.process?.env ?? []),
  );
}

/** While the process has a single thread: those it starts later are in its groups, too. */
const resctrlActions = (groups: readonly string[]): HostAction[] =>
  groups.length === 0 ? [] : [{ kind: 'assignResctrl', groups }];

function interfaceMoves({ linux }: ContainerInput['config']): HostAction[] {
  return Object.entries(linux?.netDevices ?? {}).map(([from, { name = '' }]) => ({
    kind: 'moveInterface',
    from,
    to: name === '' ? from : name,
    origin: `linux.netDevices["${from}"]`,
  }));
}

const ownerActions = ({ steps }: Draft): Plan['atGate'] =>
  steps.some(({ op }) => op.kind === 'gate' && op.gate === gates.owners)
    ? { owners: [{ kind: 'mapOwners' }] }
    : {};

function hostActions(input: ContainerInput, namespaces: NamespacePlan): Plan['atGate'] {
  const { config } = input;
  const hooks = config.hooks ?? {};
  const stages = (['prestart', 'createRuntime'] as const).filter((stage) => hooks[stage]?.length);
  const { uidMappings: uid = [], gidMappings: gid = [] } = config.linux ?? {};
  const interfaces = interfaceMoves(config);
  return {
    ...(input.waitsForUnit && { placed: [{ kind: 'startUnit' }] }),
    ...(namespaces.created.has('user') && { mapped: [{ kind: 'writeIdMaps', uid, gid }] }),
    ...(interfaces.length + stages.length > 0 && {
      // hooks find the interfaces in their place
      hooks: [...interfaces, ...stages.map((stage): HostAction => ({ kind: 'runHooks', stage }))],
    }),
    ready: [
      ...(config.process && namespaces.hasUser ? limitActions(config.process, input.caller) : []),
      ...resctrlActions(input.resctrlGroups),
      { kind: 'record' },
    ],
  };
}
