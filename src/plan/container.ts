/**
 * The plan of a container: the order of the chapters, and nothing else.
 */
import type { Config } from '../bundle/config.ts';
import { addDeviceLinks, addDevices, devIsBound, openHostDevices, plannedDevices } from './devices.ts';
import { cloneFlag, mountAttr, openFlag, sigkill } from './flags.ts';
import type { Slot } from './generated/ops.ts';
import { addCallerLimits, addHooks } from './hooks.ts';
import type { ContainerInput } from './input.ts';
import { addMaskedPaths } from './masked-paths.ts';
import { parseMountOptions } from './mount-options.ts';
import { addMounts, isBind, openBindSource } from './mounts.ts';
import { addCgroupJoins, addJoins, becomeNamespaceRoot, planNamespaces, type NamespacePlan } from './namespaces.ts';
import { type Draft, gates, type Gate, type HostAction, type Plan, startDraft } from './plan.ts';
import { addExec, addIdentity, addLimits, addStandardStreams, limitActions, userOf } from './process.ts';
import { addRootPropagation, finishRootfs, openRootfs } from './rootfs.ts';
import { addProcWrites } from './proc-writes.ts';
import { bindConsole, openTerminal } from './terminal.ts';

const startListener: Slot = 0;

/** What has to be opened while runt-init still has the host's rights. */
interface OpenedAsHost {
  readonly binds: ReadonlyMap<number, Slot>;
  readonly devices: readonly Slot[];
}

export function planContainer(input: ContainerInput): Plan {
  const { config } = input;
  if (config.process === undefined) throw new TypeError('a plan needs a process');
  const namespaces = planNamespaces(config.linux);
  const draft = startDraft(input.waitsForStart ? ['startListener'] : []);
  draft.add('end with the runtime', { kind: 'deathSignal', signal: sigkill });
  addCgroupJoins(draft, input.cgroupFiles);
  const opened = enterNamespaces(draft, input, namespaces);
  if (namespaces.created.has('cgroup'))
    draft.add('make the cgroup namespace', { kind: 'unshare', namespaces: cloneFlag.cgroup });
  addHostSettings(draft, input, namespaces);
  const terminal = addRootfs(draft, input, namespaces, opened);
  draft.add('make a session', { kind: 'setsid' });
  const process = { ...input, process: config.process };
  addStandardStreams(draft, config.process, terminal);
  draft.add('set the umask', {
    kind: 'umask',
    mask: userOf(config.process).umask ?? input.caller.umask,
  });
  if (!namespaces.hasUser) addLimits(draft, config.process, input.caller);
  addIdentity(draft, process);
  addStart(draft, input);
  addExec(draft, process);
  return {
    namespaces: namespaces.forks ? 0 : namespaces.flags,
    forks: namespaces.forks,
    handed: input.waitsForStart ? ['startListener'] : [],
    preserveFds: input.preserveFds,
    steps: draft.steps,
    atGate: hostActions(input, namespaces),
  };
}

function addGate(draft: Draft, gate: Gate, wanted: boolean): void {
  if (wanted)
    draft.add(`wait at the gate "${gate}"`, { kind: 'gate', gate: gates[gate] });
}

function enterNamespaces(
  draft: Draft,
  input: ContainerInput,
  namespaces: NamespacePlan,
): OpenedAsHost {
  const inUserNamespace = namespaces.hasUser;
  const opened = inUserNamespace ? openAsHost(draft, input) : { binds: new Map(), devices: [] };
  if (!namespaces.forks) return opened;
  addJoins(draft, input.config, namespaces);
  draft.add(
    'clone into the new namespaces',
    { kind: 'fork', namespaces: namespaces.flags },
    { origin: 'linux.namespaces' },
  );
  draft.add('end with the runtime', { kind: 'deathSignal', signal: sigkill });
  addGate(draft, 'mapped', namespaces.created.has('user'));
  if (inUserNamespace) becomeNamespaceRoot(draft);
  return opened;
}

function openAsHost(draft: Draft, input: ContainerInput): OpenedAsHost {
  const { config } = input;
  const binds = new Map<number, Slot>();
  for (const [index, mount] of (config.mounts ?? []).entries()) {
    const options = parseMountOptions(mount.options ?? []);
    if (isBind(mount, options) && !options.remount)
      binds.set(index, openBindSource(draft, mount, index, input.bundle, true));
  }
  const devices = devIsBound(config) ? [] : openHostDevices(draft, plannedDevices(config));
  return { binds, devices };
}

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

/** Everything below the root, then the root itself. Returns the process's terminal. */
function addRootfs(
  draft: Draft,
  input: ContainerInput,
  namespaces: NamespacePlan,
  opened: OpenedAsHost,
): Slot | undefined {
  const { config } = input;
  const ownMounts =
    namespaces.created.has('mount') || namespaces.joined.some((ns) => ns.type === 'mount');
  if (!ownMounts) return addSharedRoot(draft, input);
  addRootPropagation(draft, config);
  const rootfs = openRootfs(draft, input.rootfs);
  addMounts(draft, config.mounts ?? [], {
    bundle: input.bundle,
    rootfs,
    cgroupView: input.cgroupView,
    opened: opened.binds,
  });
  if (!devIsBound(config)) {
    addDevices(draft, rootfs, plannedDevices(config), opened.devices);
    addDeviceLinks(draft, rootfs);
  }
  const terminal = config.process?.terminal ? openTerminal(draft, rootfs, config.process) : undefined;
  if (terminal !== undefined) bindConsole(draft, rootfs, terminal);
  makeWorkingFolder(draft, rootfs, config);
  addHookGate(draft, input, rootfs);
  addProcWrites(draft, config);
  draft.add('hide from ptrace and /proc', { kind: 'dumpable', on: 0 });
  addLateReadOnly(draft, rootfs, config);
  addMaskedPaths(draft, rootfs, config);
  finishRootfs(draft, rootfs, config, input.noPivot);
  return terminal;
}

/** Without a mount namespace nothing may be mounted: the root is only entered. */
function addSharedRoot(draft: Draft, input: ContainerInput): Slot | undefined {
  const { config } = input;
  const rootfs = draft.takeSlot();
  draft.add(
    `open the rootfs ${input.rootfs}`,
    { kind: 'openHost', path: input.rootfs, flags: openFlag.path, into: rootfs },
    { origin: 'root.path' },
  );
  addHookGate(draft, input, rootfs);
  addProcWrites(draft, config);
  draft.add('hide from ptrace and /proc', { kind: 'dumpable', on: 0 });
  const terminal = config.process?.terminal ? openTerminal(draft, rootfs, config.process) : undefined;
  draft.add(`enter the rootfs ${input.rootfs}`, { kind: 'chroot', rootfs }, { origin: 'root.path' });
  draft.release(rootfs);
  return terminal;
}

/** A working folder that the image lacks is made, as runc does. */
function makeWorkingFolder(draft: Draft, rootfs: Slot, config: Config): void {
  const cwd = config.process?.cwd ?? '/';
  if (cwd === '/') return;
  const folder = draft.takeSlot();
  draft.add(
    `make the working folder ${cwd}`,
    {
      kind: 'openTarget',
      root: rootfs,
      path: cwd,
      make: 1,
      like: folder,
      mode: 0o755,
      resolve: 0,
      into: folder,
    },
    { origin: 'process.cwd', tolerate: ['any'] },
  );
}

function addHookGate(draft: Draft, input: ContainerInput, rootfs: Slot): void {
  const hooks = input.config.hooks ?? {};
  addGate(draft, 'hooks', Boolean(hooks.prestart?.length) || Boolean(hooks.createRuntime?.length));
  if (!hooks.createContainer?.length) return;
  addCallerLimits(draft, input.caller);
  draft.add('enter the rootfs for hooks', { kind: 'enterFolder', folder: rootfs });
  addHooks(draft, 'createContainer', hooks.createContainer, input.hookState.createContainer, []);
}

/** A tmpfs on /dev that is to be read-only had to be writable until now. */
function addLateReadOnly(draft: Draft, rootfs: Slot, config: Config): void {
  for (const [index, mount] of (config.mounts ?? []).entries()) {
    const { own } = parseMountOptions(mount.options ?? []);
    if (mount.destination !== '/dev' || mount.type !== 'tmpfs' || !(own.set & mountAttr.readOnly))
      continue;
    draft.add(
      'make /dev read-only',
      { kind: 'readOnly', root: rootfs, path: '/dev' },
      { origin: `mounts[${index}]` },
    );
  }
}

/** `ready` is the last that the runtime sees of a create; the next one to knock is `start`. */
function addStart(draft: Draft, input: ContainerInput): void {
  // the runtime may end as soon as it has said go; should it end before, the gate fails
  draft.add('outlive the runtime', { kind: 'deathSignal', signal: 0 });
  addGate(draft, 'ready', true);
  if (input.waitsForStart)
    draft.add('wait for start', { kind: 'awaitStart', listener: startListener });
  const hooks = input.config.hooks?.startContainer ?? [];
  addHooks(
    draft,
    'startContainer',
    hooks,
    input.hookState.startContainer,
    input.config.process?.env ?? [],
  );
}

function hostActions(input: ContainerInput, namespaces: NamespacePlan): Plan['atGate'] {
  const { config } = input;
  const hooks = config.hooks ?? {};
  const stages = (['prestart', 'createRuntime'] as const).filter((stage) => hooks[stage]?.length);
  const { uidMappings: uid = [], gidMappings: gid = [] } = config.linux ?? {};
  return {
    ...(namespaces.created.has('user') && { mapped: [{ kind: 'writeIdMaps', uid, gid }] }),
    ...(stages.length > 0 && {
      hooks: stages.map((stage): HostAction => ({ kind: 'runHooks', stage })),
    }),
    ready: [
      ...(config.process && namespaces.hasUser
        ? limitActions(config.process, input.caller)
        : []),
      { kind: 'record' },
    ],
  };
}
