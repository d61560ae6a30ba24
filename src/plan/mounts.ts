/**
 * The config's `mounts`, in their order.
 *
 * A mount is made detached, gets its attributes, and only then is attached to a target that was opened beneath the
 * rootfs: it is never seen writable, and no symlink of an image leads it outside.
 */
import type { Mount } from '../bundle/config.ts';
import { addCgroupMount } from './cgroup-mount.ts';
import { cleanDestination } from './destination.ts';
import { make, mountAttr, resolve, treeFlag } from './flags.ts';
import type { Slot } from './generated/ops.ts';
import type { CgroupView } from './input.ts';
import { parseMountOptions, type MountOptions } from './mount-options.ts';
import type { Draft } from './plan.ts';

export interface MountContext {
  readonly bundle: string;
  readonly rootfs: Slot;
  readonly cgroupView: CgroupView;
  /** Trees that were opened before the user namespace was entered, by the mount's index. */
  readonly opened: ReadonlyMap<number, Slot>;
}

/** The attributes that a plain flag controls; the atime modes keep the source's unless one is named. */
const plainFlags = mountAttr.readOnly | mountAttr.noSuid | mountAttr.noDev | mountAttr.noExec;

const originOf = (index: number): string => `mounts[${index}]`;

export function isBind(mount: Mount, options: MountOptions): boolean {
  return options.bind || mount.type === 'bind';
}

/** A /dev of the container's own, which runt itself fills: it has to be writable until then. */
export const isDevTmpfs = (mount: Mount): boolean =>
  mount.type === 'tmpfs' && cleanDestination(mount.destination) === '/dev';

/** Relative sources belong to the bundle (config.md#mounts). */
function sourcePath(mount: Mount, bundle: string): string {
  const source = mount.source ?? '';
  return source.startsWith('/') ? source : `${bundle}/${source}`;
}

/**
 * Opens a bind mount's source. `asHost` says that this happens before a user namespace is entered: then the flags
 * of the source stay, except those that the config clears by name.
 */
export function openBindSource(
  draft: Draft,
  mount: Mount,
  index: number,
  bundle: string,
  asHost: boolean,
): Slot {
  const options = parseMountOptions(mount.options ?? []);
  const origin = originOf(index);
  const tree = draft.takeSlot();
  const source = sourcePath(mount, bundle);
  draft.add(
    `open ${source} for the bind mount on ${mount.destination}`,
    {
      kind: 'openTree',
      source,
      flags: treeFlag.clone | (options.recursiveBind ? treeFlag.recursive : 0),
      into: tree,
    },
    { origin },
  );
  const { set, clear } = options.own;
  const named = set | (clear & plainFlags);
  const all = named !== 0 && !asHost ? clear | plainFlags : clear;
  addAttributes(draft, tree, { set, clear: all & ~set }, false, origin, mount.destination);
  addAttributes(draft, tree, options.recursive, true, origin, mount.destination);
  return tree;
}

function addAttributes(
  draft: Draft,
  mount: Slot,
  { set, clear }: { readonly set: number; readonly clear: number },
  recursive: boolean,
  origin: string,
  destination: string,
): void {
  if (set === 0 && clear === 0) return;
  draft.add(
    `set the flags of the mount on ${destination}`,
    {
      kind: 'mountAttributes',
      mount,
      set: BigInt(set),
      clear: BigInt(set & mountAttr.atimeMask ? clear | mountAttr.atimeMask : clear),
      propagation: 0n,
      flags: recursive ? treeFlag.recursive : 0,
    },
    { origin },
  );
}

export function addMounts(draft: Draft, mounts: readonly Mount[], context: MountContext): void {
  for (const [index, mount] of mounts.entries()) {
    const options = parseMountOptions(mount.options ?? []);
    if (options.remount) remount(draft, mount, index, options, context);
    else if (isBind(mount, options)) bind(draft, mount, index, options, context);
    else if (mount.type === 'cgroup')
      addCgroupMount(draft, mount.destination, originOf(index), options, context);
    else newFileSystem(draft, mount, index, options, context);
  }
}

function bind(
  draft: Draft,
  mount: Mount,
  index: number,
  options: MountOptions,
  context: MountContext,
): void {
  const tree =
    context.opened.get(index) ?? openBindSource(draft, mount, index, context.bundle, false);
  attach(draft, tree, mount, originOf(index), options, context, make.like);
}

function newFileSystem(
  draft: Draft,
  mount: Mount,
  index: number,
  options: MountOptions,
  context: MountContext,
): void {
  const type = mount.type ?? '';
  const tree = draft.takeSlot();
  const source = mount.source ?? '';
  const attributes = options.own.set | options.recursive.set;
  draft.add(
    `mount ${type} on ${mount.destination}`,
    {
      kind: 'newMount',
      type,
      parameters: [...(source === '' ? [] : [`source=${source}`]), ...options.parameters],
      attributes: isDevTmpfs(mount) ? attributes & ~mountAttr.readOnly : attributes,
      into: tree,
    },
    {
      origin: originOf(index),
      explain: { ENODEV: `the kernel knows no file system ${type}` },
    },
  );
  attach(draft, tree, mount, originOf(index), options, context, make.folder);
}

/** Opens the target beneath the rootfs, attaches the tree, sets its propagation. Ends with both slots free. */
function attach(
  draft: Draft,
  tree: Slot,
  mount: Mount,
  origin: string,
  options: MountOptions,
  context: MountContext,
  kind: number,
): void {
  const target = draft.takeSlot();
  const isKernels = mount.type === 'proc' || mount.type === 'sysfs';
  draft.add(
    `open the mount point ${mount.destination} of ${mount.type ?? 'the mount'}`,
    {
      kind: 'openTarget',
      root: context.rootfs,
      path: cleanDestination(mount.destination),
      make: kind,
      like: tree,
      mode: 0o755,
      // CVE-2019-19921, CVE-2023-27561: /proc and /sys may not be symlinks of the image
      resolve: isKernels ? resolve.noSymlinks : 0,
      into: target,
    },
    {
      origin,
      explain: {
        ELOOP: `filesystem "${mount.type ?? ''}" must be mounted on ordinary directory`,
      },
    },
  );
  draft.add(
    `mount ${mount.type ?? mount.source ?? ''} on ${mount.destination}`,
    { kind: 'moveMount', mount: tree, onto: target },
    { origin },
  );
  if (options.propagation) {
    draft.add(
      `set the propagation of ${mount.destination}`,
      {
        kind: 'mountAttributes',
        mount: tree,
        set: 0n,
        clear: 0n,
        propagation: BigInt(options.propagation.type),
        flags: options.propagation.recursive ? treeFlag.recursive : 0,
      },
      { origin },
    );
  }
  draft.release(tree, target);
}

function remount(
  draft: Draft,
  mount: Mount,
  index: number,
  options: MountOptions,
  context: MountContext,
): void {
  const target = draft.takeSlot();
  const origin = originOf(index);
  draft.add(
    `open ${mount.destination} to remount it`,
    {
      kind: 'openTarget',
      root: context.rootfs,
      path: cleanDestination(mount.destination),
      make: make.nothing,
      like: target,
      mode: 0,
      resolve: 0,
      into: target,
    },
    { origin },
  );
  addAttributes(draft, target, options.own, false, origin, mount.destination);
  addAttributes(draft, target, options.recursive, true, origin, mount.destination);
  draft.release(target);
}
