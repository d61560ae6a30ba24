/**
 * The config's `mounts`, in their order.
 *
 * A mount is made where nobody sees it, gets its attributes, and only then is attached to a target that was opened
 * beneath the rootfs: it is never seen writable, and no symlink of an image leads it outside. How, is in mount-api.ts.
 */
import type { Config, Mount } from '../bundle/config.ts';
import { addCgroupMount } from './cgroup-mount.ts';
import { cleanDestination, pathInRootfs } from './destination.ts';
import { isBind, openBindSource, originOf, sourceInRootfs } from './bind-source.ts';
import { emptySlot, make, mountAttr, resolve } from './flags.ts';
import type { Slot } from './generated/ops.ts';
import type { CgroupView } from './input.ts';
import { addAttributes } from './mount-attributes.ts';
import { addRootLabel, withLabel } from './mount-label.ts';
import type { MountApi } from './mount-api.ts';
import { parseMountOptions, type MountOptions } from './mount-options.ts';
import type { Draft } from './plan.ts';
import type { SourceView } from './source-view.ts';

export interface MountContext {
  readonly mounts: MountApi;
  readonly bundle: string;
  readonly rootfs: Slot;
  /** Its path on the host. */
  readonly rootfsPath: string;
  readonly cgroupView: CgroupView;
  /** Trees that were opened before the user namespace was entered, by the mount's index. */
  readonly opened: ReadonlyMap<number, Slot>;
  /** From where the other sources are seen. */
  readonly view: SourceView;
  /** Mappings of owners that were made then, for sources in the container. */
  readonly mappings: ReadonlyMap<number, Slot>;
  readonly config: Config;
  /** Mounts that become read-only when everything below them is there; their slots stay open until then. */
  readonly late: LateReadOnly[];
}

export interface LateReadOnly {
  readonly mount: Slot;
  readonly origin: string;
  readonly destination: string;
}

export function addMounts(draft: Draft, all: readonly Mount[], context: MountContext): void {
  for (const [index, given] of all.entries()) {
    const inside = pathInRootfs(given.destination, context.rootfsPath);
    const mount = inside === undefined ? given : { ...given, destination: inside };
    const options = parseMountOptions(mount.options ?? []);
    if (options.remount) remount(draft, mount, index, options, context);
    else if (isBind(mount, options)) bind(draft, mount, index, options, context);
    else if (mount.type === 'cgroup')
      addCgroupMount(draft, mount.destination, originOf(index), options, {
        ...context,
        label: context.config.linux?.mountLabel,
      });
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
  const { mounts, bundle, config, rootfs, rootfsPath } = context;
  const path = sourceInRootfs(mount, bundle, rootfsPath);
  const tree =
    context.opened.get(index) ??
    openBindSource(draft, mounts, mount, {
      index,
      bundle,
      config,
      view: context.view,
      ...(path !== undefined && { inside: { rootfs, path } }),
      mapping: context.mappings.get(index),
    });
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
  const origin = originOf(index);
  const { destination } = mount;
  const tree = draft.takeSlot();
  const source = mount.source ?? '';
  const isTmpfs = type === 'tmpfs';
  const attributes = options.own.set | options.recursive.set;
  const readOnly = attributes & mountAttr.readOnly;
  const like = isTmpfs ? lookUnder(draft, destination, origin, context) : emptySlot;
  context.mounts.newMount(
    `mount ${type} on ${destination}`,
    {
      type,
      parameters: [
        ...(source === '' ? [] : [`source=${source}`]),
        ...withLabel(type, options.parameters, context.config.linux?.mountLabel),
      ],
      // what is made below a tmpfs needs it writable until then
      attributes: isTmpfs ? attributes & ~readOnly : attributes,
      like,
      into: tree,
    },
    { origin, explain: { ENODEV: `the kernel knows no file system ${type}` } },
  );
  addRootLabel(draft, type, tree, context.config.linux?.mountLabel);
  if (options.copyUp)
    draft.add(
      `copy what is in ${destination} to its tmpfs`,
      { kind: 'copyUp', from: like, onto: tree },
      { origin },
    );
  if (isTmpfs) draft.release(like);
  if (isTmpfs && readOnly) context.late.push({ mount: tree, origin, destination });
  attach(draft, tree, mount, origin, options, context, make.folder);
}

/** The folder that a tmpfs will cover, when there is one: it gives its mode, and its content to tmpcopyup. */
function lookUnder(draft: Draft, destination: string, origin: string, context: MountContext): Slot {
  const folder = draft.takeSlot();
  draft.add(
    `look at ${destination}`,
    {
      kind: 'openTarget',
      root: context.rootfs,
      path: cleanDestination(destination),
      make: make.nothing,
      like: emptySlot,
      mode: 0,
      resolve: 0,
      into: folder,
    },
    { origin, tolerate: ['ENOENT'] },
  );
  return folder;
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
  context.mounts.attach(
    `mount ${mount.type ?? mount.source ?? ''} on ${mount.destination}`,
    tree,
    target,
    { origin },
  );
  if (options.propagation) {
    const { type, recursive } = options.propagation;
    const doing = `set the propagation of ${mount.destination}`;
    context.mounts.setPropagation(doing, tree, type, recursive, { origin });
  }
  if (context.late.some((late) => late.mount === tree)) draft.release(target);
  else draft.release(tree, target);
}

/** Once nothing more is made below them. */
export function makeLateReadOnly(
  draft: Draft,
  mounts: MountApi,
  late: readonly LateReadOnly[],
): void {
  for (const place of late) {
    addAttributes(mounts, place, { set: mountAttr.readOnly, clear: 0 }, false);
    draft.release(place.mount);
  }
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
      like: emptySlot,
      mode: 0,
      resolve: 0,
      into: target,
    },
    { origin },
  );
  const place = { mount: target, origin, destination: mount.destination };
  addAttributes(context.mounts, place, options.own, false);
  addAttributes(context.mounts, place, options.recursive, true);
  draft.release(target);
}
