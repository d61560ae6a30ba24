/**
 * From the host into the container's namespaces: what only the host may open, what is joined, what is made.
 *
 * In: a process with the host's rights. Out: the process that will be the container's init, and the slots of what
 * was opened on the way. The user namespace comes after the opening and before everything that it shall own.
 */
import type { Config } from '../bundle/config.ts';
import { devIsBound, openHostDevices, plannedDevices } from './devices.ts';
import { cloneFlag, sigkill, treeFlag } from './flags.ts';
import type { Slot } from './generated/ops.ts';
import type { ContainerInput } from './input.ts';
import { parseMountOptions } from './mount-options.ts';
import { isBind, openBindSource } from './mounts.ts';
import { addJoins, becomeNamespaceRoot, type NamespacePlan } from './namespaces.ts';
import { type Draft, gates } from './plan.ts';
import { openHostProc } from './proc-writes.ts';
import { openRootfsTree, rootPropagation } from './rootfs.ts';

type TimeOffsets = NonNullable<NonNullable<Config['linux']>['timeOffsets']>;

/** What has to be opened while runt-init still has the host's rights. */
export interface OpenedAsHost {
  readonly binds: ReadonlyMap<number, Slot>;
  readonly devices: readonly Slot[];
  readonly rootfs?: Slot;
}

export function enterNamespaces(
  draft: Draft,
  input: ContainerInput,
  namespaces: NamespacePlan,
): OpenedAsHost {
  const inUserNamespace = namespaces.hasUser;
  const opened = openAsHost(draft, input, inUserNamespace);
  if (!namespaces.forks) return opened;
  const offsets = namespaces.created.has('time') ? input.config.linux?.timeOffsets : undefined;
  const proc = offsets ? openHostProc(draft) : undefined;
  addJoins(draft, input.config, namespaces);
  if (namespaces.created.has('user')) {
    draft.add(
      'make the user namespace',
      { kind: 'unshare', namespaces: cloneFlag.user },
      { origin: 'linux.namespaces' },
    );
    draft.add('wait at the gate "mapped"', { kind: 'gate', gate: gates.mapped });
  }
  if (inUserNamespace) becomeNamespaceRoot(draft);
  if (namespaces.created.has('time')) addTimeNamespace(draft, proc, offsets ?? {});
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

/**
 * In a user namespace no source and no device of the host could be opened any more. And a mount with mapped owners
 * needs a namespace made for it, which the kernel refuses once the rootfs lies over the root (user_namespaces(7)).
 */
function openAsHost(
  draft: Draft,
  { config, bundle, rootfs }: ContainerInput,
  inUserNamespace: boolean,
): OpenedAsHost {
  const binds = new Map<number, Slot>();
  for (const [index, mount] of (config.mounts ?? []).entries()) {
    const options = parseMountOptions(mount.options ?? []);
    if (!isBind(mount, options) || options.remount) continue;
    if (inUserNamespace || options.idmap)
      binds.set(index, openBindSource(draft, mount, index, bundle, config, inUserNamespace));
  }
  if (!inUserNamespace) return { binds, devices: [] };
  const devices = devIsBound(config) ? [] : openHostDevices(draft, plannedDevices(config));
  const tree = openRootfsTree(draft, rootfs);
  for (const slot of [tree, ...binds.values()]) keepFromHost(draft, slot, config);
  return { binds, devices, rootfs: tree };
}

/** Copied in the host's own mount namespace, a tree is in the host's peer groups: what is mounted below would show there. */
function keepFromHost(draft: Draft, tree: Slot, config: Config): void {
  const type = rootPropagation(config);
  draft.add('keep mounts from reaching the host', {
    kind: 'mountAttributes',
    mount: tree,
    set: 0n,
    clear: 0n,
    propagation: BigInt(type),
    flags: treeFlag.recursive,
  });
}
