/**
 * A mount of type `cgroup`: the container's view of its own cgroups, whose parts the cgroup room has worked out.
 */
import { cleanDestination } from './destination.ts';
import { emptySlot, make, mountAttr, treeFlag } from './flags.ts';
import type { Slot } from './generated/ops.ts';
import type { CgroupEntry, CgroupView } from './input.ts';
import { withLabel } from './mount-label.ts';
import type { MountOptions } from './mount-options.ts';
import type { Draft } from './plan.ts';

const quiet = mountAttr.noSuid | mountAttr.noDev | mountAttr.noExec;

export function addCgroupMount(
  draft: Draft,
  destination: string,
  origin: string,
  options: MountOptions,
  context: {
    readonly rootfs: Slot;
    readonly cgroupView: CgroupView;
    readonly label: string | undefined;
  },
): void {
  const base = cleanDestination(destination);
  const attributes = options.own.set | options.recursive.set;
  if (context.cgroupView.tmpfs) {
    const tmpfs = draft.takeSlot();
    draft.add(
      `mount tmpfs on ${base}`,
      {
        kind: 'newMount',
        type: 'tmpfs',
        parameters: withLabel('tmpfs', ['source=tmpfs', 'mode=755'], context.label),
        attributes: quiet,
        like: emptySlot,
        into: tmpfs,
      },
      { origin },
    );
    place(draft, tmpfs, base, origin, context.rootfs);
    for (const entry of context.cgroupView.entries)
      addEntry(draft, entry, `${base}/${entry.name}`, attributes, origin, context.rootfs);
    // the entries are made, now the tmpfs can become what the config says
    if (attributes & mountAttr.readOnly) makeReadOnly(draft, tmpfs, base, origin);
    draft.release(tmpfs);
    return;
  }
  for (const entry of context.cgroupView.entries)
    addEntry(draft, entry, base, attributes, origin, context.rootfs);
}

function makeReadOnly(draft: Draft, mount: Slot, path: string, origin: string): void {
  draft.add(
    `make ${path} read-only`,
    {
      kind: 'mountAttributes',
      mount,
      set: BigInt(mountAttr.readOnly),
      clear: 0n,
      propagation: 0n,
      flags: 0,
    },
    { origin },
  );
}

function place(draft: Draft, mount: Slot, path: string, origin: string, rootfs: Slot): void {
  const target = draft.takeSlot();
  draft.add(
    `open the mount point ${path}`,
    {
      kind: 'openTarget',
      root: rootfs,
      path,
      make: make.folder,
      like: mount,
      mode: 0o755,
      resolve: 0,
      into: target,
    },
    { origin },
  );
  draft.add(`mount cgroup on ${path}`, { kind: 'moveMount', mount, onto: target }, { origin });
  draft.release(target);
}

function addEntry(
  draft: Draft,
  entry: CgroupEntry,
  path: string,
  attributes: number,
  origin: string,
  rootfs: Slot,
): void {
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
  if (source !== undefined) openBind(draft, source, path, attributes, origin, mount);
  // where the kernel refuses a new mount, the slot keeps the bind
  if (entry.kind === 'filesystem') {
    draft.add(
      `mount ${entry.type} on ${path}`,
      {
        kind: 'newMount',
        type: entry.type,
        parameters: [`source=${entry.type}`, ...entry.options],
        attributes,
        like: emptySlot,
        into: mount,
      },
      { origin, tolerate: source === undefined ? [] : ['EPERM', 'EBUSY'] },
    );
  }
  place(draft, mount, path, origin, rootfs);
  draft.release(mount);
}

function openBind(
  draft: Draft,
  source: string,
  path: string,
  attributes: number,
  origin: string,
  into: Slot,
): void {
  draft.add(
    `open ${source} for ${path}`,
    { kind: 'openTree', source, flags: treeFlag.clone | treeFlag.recursive, into },
    { origin },
  );
  draft.add(
    `set the flags of ${path}`,
    {
      kind: 'mountAttributes',
      mount: into,
      set: BigInt(attributes),
      clear: 0n,
      propagation: 0n,
      flags: 0,
    },
    { origin },
  );
}
