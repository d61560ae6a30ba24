/**
 * A mount of type `cgroup`: the container's view of its own cgroups, whose parts the cgroup room has worked out.
 */
import { cleanDestination } from './destination.ts';
import { emptySlot, make, mountAttr } from './flags.ts';
import type { Slot } from './generated/ops.ts';
import type { CgroupEntry, CgroupView } from './input.ts';
import { withLabel } from './mount-label.ts';
import type { MountApi } from './mount-api.ts';
import type { MountOptions } from './mount-options.ts';
import type { Draft } from './plan.ts';

const quiet = mountAttr.noSuid | mountAttr.noDev | mountAttr.noExec;

export interface CgroupMountContext {
  readonly mounts: MountApi;
  readonly rootfs: Slot;
  readonly cgroupView: CgroupView;
  readonly label: string | undefined;
}

export function addCgroupMount(
  draft: Draft,
  destination: string,
  origin: string,
  options: MountOptions,
  context: CgroupMountContext,
): void {
  const base = cleanDestination(destination);
  const attributes = options.own.set | options.recursive.set;
  if (context.cgroupView.tmpfs) {
    const tmpfs = draft.takeSlot();
    context.mounts.newMount(
      `mount tmpfs on ${base}`,
      {
        type: 'tmpfs',
        parameters: withLabel('tmpfs', ['source=tmpfs', 'mode=755'], context.label),
        attributes: quiet,
        like: emptySlot,
        into: tmpfs,
      },
      { origin },
    );
    place(draft, tmpfs, base, origin, context);
    for (const entry of context.cgroupView.entries)
      addEntry(draft, entry, `${base}/${entry.name}`, attributes, origin, context);
    // the entries are made, now the tmpfs can become what the config says
    if (attributes & mountAttr.readOnly) {
      const change = { set: mountAttr.readOnly, clear: 0 };
      context.mounts.setAttributes(`make ${base} read-only`, tmpfs, change, {}, { origin });
    }
    draft.release(tmpfs);
    return;
  }
  for (const entry of context.cgroupView.entries)
    addEntry(draft, entry, base, attributes, origin, context);
}

function place(
  draft: Draft,
  mount: Slot,
  path: string,
  origin: string,
  context: CgroupMountContext,
): void {
  const target = draft.takeSlot();
  draft.add(
    `open the mount point ${path}`,
    {
      kind: 'openTarget',
      root: context.rootfs,
      path,
      make: make.folder,
      like: mount,
      mode: 0o755,
      resolve: 0,
      into: target,
    },
    { origin },
  );
  context.mounts.attach(`mount cgroup on ${path}`, mount, target, { origin });
  draft.release(target);
}

function addEntry(
  draft: Draft,
  entry: CgroupEntry,
  path: string,
  attributes: number,
  origin: string,
  context: CgroupMountContext,
): void {
  const { mounts, rootfs } = context;
  if (entry.kind === 'symlink') {
    draft.add(
      `link ${path} to ${entry.target}`,
      { kind: 'makeSymlink', root: rootfs, path, target: entry.target },
      { origin },
    );
    return;
  }
  const mount = draft.takeSlot();
  const source = entry.kind === 'bind' ? entry.source : entry.orBind;
  if (source !== undefined) openBind(mounts, source, path, attributes, origin, mount);
  // where the kernel refuses a new mount, the slot keeps the bind
  if (entry.kind === 'filesystem') {
    mounts.newMount(
      `mount ${entry.type} on ${path}`,
      {
        type: entry.type,
        parameters: [`source=${entry.type}`, ...entry.options],
        attributes,
        like: emptySlot,
        into: mount,
      },
      { origin, tolerate: source === undefined ? [] : ['EPERM', 'EBUSY'] },
    );
  }
  place(draft, mount, path, origin, context);
  draft.release(mount);
}

function openBind(
  mounts: MountApi,
  source: string,
  path: string,
  attributes: number,
  origin: string,
  into: Slot,
): void {
  mounts.openTree(`open ${source} for ${path}`, source, true, into, { origin });
  const change = { set: attributes, clear: 0 };
  mounts.setAttributes(`set the flags of ${path}`, into, change, {}, { origin });
}
