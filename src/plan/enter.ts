/**
 * From the host into the container's namespaces: what only the host may open, what is joined, what is made.
 *
 * In: a process with the host's rights. Out: the process that will be the container's init, and the slots of what
 * was opened on the way. The user namespace comes after the opening and before everything that it shall own.
 */
import type { Config } from '../bundle/config.ts';
import { devIsBound, openHostDevices, plannedDevices } from './devices.ts';
import { cloneFlag, propagation, sigkill } from './flags.ts';
import type { Slot } from './generated/ops.ts';
import type { ContainerInput } from './input.ts';
import { parseMountOptions } from './mount-options.ts';
import { openMapping } from './idmap.ts';
import type { MountApi } from './mount-api.ts';
import { idmapOf, isBind, openBindSource, originOf, sourceInRootfs } from './bind-source.ts';
import { addJoins, becomeNamespaceRoot, type NamespacePlan } from './namespaces.ts';
import { type Draft, gates } from './plan.ts';
import { viewOf } from './source-view.ts';
import { openHostProc } from './host-proc.ts';
import { openRootfsTree, rootPropagation } from './rootfs.ts';

type TimeOffsets = NonNullable<NonNullable<Config['linux']>['timeOffsets']>;

/** What is opened before the root is filled: while runt-init still has the host's rights, or as soon as it has any. */
export interface Opened {
  readonly binds: ReadonlyMap<number, Slot>;
  /** User namespaces for mapped owners, by the index of a mount whose source is in the container. */
  readonly mappings: ReadonlyMap<number, Slot>;
  readonly devices: readonly Slot[];
  readonly rootfs?: Slot;
}

export const openedSlots = ({ binds, devices, rootfs }: Opened): Slot[] => [
  ...(rootfs === undefined ? [] : [rootfs]),
  ...binds.values(),
  ...devices,
];

export function enterNamespaces(
  draft: Draft,
  mounts: MountApi,
  input: ContainerInput,
  namespaces: NamespacePlan,
): Opened {
  const inUserNamespace = namespaces.hasUser;
  if (namespaces.hasMount) mounts.startAsHost(carriesMounts(input, namespaces));
  const opened = opensInside(input) ? nothing : openAsHost(draft, mounts, input, namespaces);
  if (!namespaces.forks) return opened;
  const offsets = namespaces.created.has('time') ? input.config.linux?.timeOffsets : undefined;
  const proc = offsets ? openHostProc(draft) : undefined;
  addJoins(draft, input.config, namespaces, input.privilege);
  if (namespaces.created.has('user')) {
    draft.add(
      'make the user namespace',
      { kind: 'unshare', namespaces: cloneFlag.user },
      { origin: 'linux.namespaces' },
    );
    draft.add('wait at the gate "mapped"', { kind: 'gate', gate: gates.mapped });
  }
  if (inUserNamespace && !opensInside(input)) becomeNamespaceRoot(draft);
  if (namespaces.created.has('time')) addTimeNamespace(draft, proc, offsets ?? {});
  mounts.beforeFork();
  draft.add(
    'clone into the new namespaces',
    { kind: 'fork', namespaces: namespaces.flags },
    { origin: 'linux.namespaces' },
  );
  draft.add('end with the runtime', { kind: 'deathSignal', signal: sigkill });
  return opened;
}

/** The clocks can be set until the first process is in: it is the next one cloned (time_namespaces(7)). */
function addTimeNamespace(draft: Draft, proc: Slot | undefined, offsets: TimeOffsets): void {
  draft.add(
    'make the time namespace',
    { kind: 'unshare', namespaces: cloneFlag.time },
    { origin: 'linux.namespaces' },
  );
  if (proc === undefined) return;
  const lines = Object.entries(offsets).map(
    ([clock, offset]) => `${clock} ${offset?.secs ?? 0} ${offset?.nanosecs ?? 0}\n`,
  );
  draft.add(
    'set the clocks of the time namespace',
    { kind: 'writeFile', folder: proc, path: 'self/timens_offsets', text: lines.join('') },
    { origin: 'linux.timeOffsets' },
  );
  draft.release(proc);
}

/** Whether what the host opens has to get into a mount namespace that another user namespace will own. */
const carriesMounts = (input: ContainerInput, { hasUser, created }: NamespacePlan): boolean =>
  hasUser && created.has('mount') && !opensInside(input);

const nothing: Opened = { binds: new Map(), mappings: new Map(), devices: [] };

/** Who has no right to open a tree outside of the user namespace. */
export const opensInside = ({ privilege }: ContainerInput): boolean => privilege === 'none';

/**
 * What openAsHost has left, in the mount namespace that is to be filled and with the host's root still in its place. There
 * the kernel itself keeps what it has locked.
 */
export function openInside(
  draft: Draft,
  mounts: MountApi,
  input: ContainerInput,
  { hasUser }: NamespacePlan,
): Opened {
  const { config, bundle, rootfs } = input;
  const devices =
    input.privilege === 'host' || (input.privilege === 'namespace' && hasUser) || devIsBound(config)
      ? []
      : openHostDevices(draft, mounts, plannedDevices(config));
  const binds = new Map<number, Slot>();
  const mappings = new Map<number, Slot>();
  if (!opensInside(input)) return { binds, mappings, devices };
  for (const [index, mount] of (config.mounts ?? []).entries()) {
    const options = parseMountOptions(mount.options ?? []);
    if (!isBind(mount, options) || options.remount) continue;
    if (sourceInRootfs(mount, bundle, rootfs) !== undefined) continue;
    const view = 'user-namespace';
    binds.set(index, openBindSource(draft, mounts, mount, { index, bundle, config, view }));
  }
  return { binds, mappings, devices, rootfs: openRootfsTree(draft, mounts, rootfs) };
}

/** As addRootPropagation has it; and between user namespaces nothing is shared, whatever the config says. */
function propagationSteps(config: Config, inUserNamespace: boolean): readonly number[] {
  const { shared, slave } = propagation;
  const type = rootPropagation(config);
  if (type !== shared) return [type];
  return inUserNamespace ? [slave, shared] : [];
}

/**
 * In a user namespace no source and no device of the host could be opened any more. And a mount with mapped owners
 * needs a namespace made for it, which the kernel refuses once the rootfs lies over the root (user_namespaces(7)). And
 * where it does, a source of which a symlink climbs to the root (/var/run -> ../run) would lead into the image.
 */
function openAsHost(
  draft: Draft,
  mounts: MountApi,
  { config, bundle, rootfs, privilege }: ContainerInput,
  { hasUser: inUserNamespace, hasMount, created }: NamespacePlan,
): Opened {
  const binds = new Map<number, Slot>();
  const mappings = new Map<number, Slot>();
  if (!hasMount) return { binds, mappings, devices: [] };
  const covered =
    mounts.coversRoot && created.has('mount') && rootPropagation(config) === propagation.shared;
  for (const [index, mount] of (config.mounts ?? []).entries()) {
    const options = parseMountOptions(mount.options ?? []);
    if (!isBind(mount, options) || options.remount) continue;
    // what mounts that come before it put there is not there yet
    if (sourceInRootfs(mount, bundle, rootfs) !== undefined) {
      if (inUserNamespace && idmapOf(mount, options))
        mappings.set(index, openMapping(draft, mounts, mount, config, originOf(index)));
      continue;
    }
    if (inUserNamespace || idmapOf(mount, options) || covered)
      binds.set(
        index,
        openBindSource(draft, mounts, mount, {
          index,
          bundle,
          config,
          view: inUserNamespace ? 'host-for-namespace' : viewOf(privilege),
        }),
      );
  }
  const opened = inUserNamespace
    ? {
        binds,
        mappings,
        devices: devIsBound(config) ? [] : openHostDevices(draft, mounts, plannedDevices(config)),
        rootfs: openRootfsTree(draft, mounts, rootfs),
      }
    : { binds, mappings, devices: [] };
  const types = propagationSteps(config, inUserNamespace);
  for (const slot of openedSlots(opened)) mounts.settle(slot, types, {});
  return opened;
}
