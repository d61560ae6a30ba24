/**
 * Everything below the container's root, then the root itself: mounts, devices, terminal, hooks that see them, masks.
 */
import type { Config, IdMapping, Process } from '../bundle/config.ts';
import { addDeviceLinks, addDevices, devIsBound, plannedDevices } from './devices.ts';
import { openedSlots, openInside, type Opened, opensInside } from './enter.ts';
import { openFlag } from './flags.ts';
import type { Slot } from './generated/ops.ts';
import { addCallerLimits, addHooks } from './hooks.ts';
import type { ContainerInput } from './input.ts';
import { addMaskedPaths } from './masked-paths.ts';
import { addMounts, type LateReadOnly, makeLateReadOnly } from './mounts.ts';
import type { MountApi } from './mount-api.ts';
import { becomeNamespaceRoot, type NamespacePlan } from './namespaces.ts';
import { type Draft, gates } from './plan.ts';
import { viewOf } from './source-view.ts';
import { addProcWrites } from './proc-writes.ts';
import { addRootPropagation, finishRootfs, openRootfsTree, placeRootfs } from './rootfs.ts';
import { bindConsole, openTerminal } from './terminal.ts';

/** Everything below the root, then the root itself. Returns the process's terminal. */
export function addRootfs(
  draft: Draft,
  mounts: MountApi,
  input: ContainerInput,
  namespaces: NamespacePlan,
  asHost: Opened,
): Slot | undefined {
  const { config } = input;
  if (!namespaces.hasMount) {
    becomeRootLate(draft, input, namespaces);
    return addSharedRoot(draft, mounts, input);
  }
  addRootPropagation(draft, config);
  // a staging folder has to belong to an id that is mapped
  const hasStaging = !mounts.coversRoot;
  if (hasStaging) becomeRootLate(draft, input, namespaces);
  mounts.prepare(openedSlots(asHost));
  const inside = openInside(draft, mounts, input, namespaces);
  if (!hasStaging) becomeRootLate(draft, input, namespaces);
  const opened = inside.rootfs === undefined ? asHost : inside;
  const devices = [...asHost.devices, ...inside.devices];
  const rootfs = opened.rootfs ?? openRootfsTree(draft, mounts, input.rootfs);
  placeRootfs(draft, mounts, rootfs, input.rootfs, input);
  const late: LateReadOnly[] = [];
  addMounts(draft, config.mounts ?? [], {
    mounts,
    bundle: input.bundle,
    rootfs,
    rootfsPath: input.rootfs,
    cgroupView: input.cgroupView,
    opened: opened.binds,
    view: viewOf(input.privilege),
    mappings: opened.mappings,
    config,
    late,
  });
  if (!devIsBound(config)) {
    addDevices(draft, mounts, rootfs, plannedDevices(config), devices);
    addDeviceLinks(draft, rootfs);
  }
  const terminal = config.process?.terminal
    ? openTerminal(draft, rootfs, config.process)
    : undefined;
  if (terminal !== undefined) bindConsole(draft, mounts, rootfs, terminal);
  makeWorkingFolder(draft, rootfs, config);
  addHookGate(draft, input, rootfs);
  addProcWrites(draft, mounts, input);
  draft.add('hide from ptrace and /proc', { kind: 'dumpable', on: 0 });
  makeLateReadOnly(draft, mounts, late);
  addMaskedPaths(draft, mounts, rootfs, config);
  finishRootfs(draft, mounts, rootfs, config, input.noPivot);
  return terminal;
}

/**
 * As itself a user reaches its own files even where the container's root is another id. A namespace that does not map id 0
 * is entered as the id that it maps; the rights in it are the same.
 */
function becomeRootLate(
  draft: Draft,
  input: ContainerInput,
  { hasUser, created }: NamespacePlan,
): void {
  if (!hasUser || !opensInside(input)) return;
  const { uidMappings = [], gidMappings = [] } = input.config.linux ?? {};
  const mapsRoot = (map: readonly IdMapping[]) => map.some(({ containerID }) => containerID === 0);
  if (created.has('user') && !(mapsRoot(uidMappings) && mapsRoot(gidMappings))) return;
  becomeNamespaceRoot(draft);
}

/** Without a mount namespace nothing may be mounted: the root is only entered. */
function addSharedRoot(draft: Draft, mounts: MountApi, input: ContainerInput): Slot | undefined {
  const { config } = input;
  const rootfs = draft.takeSlot();
  draft.add(
    `open the rootfs ${input.rootfs}`,
    { kind: 'openHost', path: input.rootfs, flags: openFlag.path, into: rootfs },
    { origin: 'root.path' },
  );
  addHookGate(draft, input, rootfs);
  addProcWrites(draft, mounts, input);
  draft.add('hide from ptrace and /proc', { kind: 'dumpable', on: 0 });
  const terminal = config.process?.terminal ? hostTerminal(draft, config.process) : undefined;
  draft.add(
    `enter the rootfs ${input.rootfs}`,
    { kind: 'chroot', rootfs },
    { origin: 'root.path' },
  );
  draft.release(rootfs);
  return terminal;
}

/** Nothing was mounted for the container: its terminal is one of the host's. */
function hostTerminal(draft: Draft, process: Process): Slot {
  const root = draft.takeSlot();
  draft.add("open the host's root", {
    kind: 'openHost',
    path: '/',
    flags: openFlag.path,
    into: root,
  });
  const terminal = openTerminal(draft, root, process);
  draft.release(root);
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
  draft.release(folder);
}

function addHookGate(draft: Draft, input: ContainerInput, rootfs: Slot): void {
  const hooks = input.config.hooks ?? {};
  const devices = Object.keys(input.config.linux?.netDevices ?? {});
  if (devices.length > 0 || hooks.prestart?.length || hooks.createRuntime?.length)
    draft.add('wait at the gate "hooks"', { kind: 'gate', gate: gates.hooks });
  if (!hooks.createContainer?.length) return;
  addCallerLimits(draft, input.caller);
  draft.add("give hooks the caller's umask", { kind: 'umask', mask: input.caller.umask });
  draft.add('enter the rootfs for hooks', { kind: 'enterFolder', folder: rootfs });
  addHooks(draft, 'createContainer', hooks.createContainer, input.hookState.createContainer, []);
}
