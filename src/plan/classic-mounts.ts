/**
 * Mounts by mount(2) alone, for kernels before 5.12 and for outer containers that refuse the mount API.
 *
 * mount(2) knows no detached mounts. In their place stands a staging folder: a tmpfs of our own, where only our
 * descriptor leads. Mounts are made there, get their flags there, and are moved to their targets.
 *
 * A user namespace asks for a second one before it. What only the host may open is mounted there, in a mount namespace
 * that is still the host's; the clone copies it, our working folder leads to the copy, and each mount is bound from
 * there once more: the copies themselves are locked (mount_namespaces(7)), and may be bound but not moved.
 */
import { RuntError } from '../base/errors.ts';
import { cloneFlag, mountAttr, openFlag, propagation, superFlag, treeFlag } from './flags.ts';
import type { Slot } from './generated/ops.ts';
import { type MountApi, type NewMount, privateProc } from './mount-api.ts';
import { openHostProc } from './host-proc.ts';
import type { Privilege } from './input.ts';
import type { Draft, StepNotes } from './plan.ts';

/** Where the staging folder can be. */
export interface StagingPlace {
  /** The container's own folder on the host, in which nobody else has any business. */
  readonly folder: string;
  /**
   * That folder may not be covered: in a mount namespace that is joined it may not be there, and where mounts are
   * shared with the host it would be covered there, too. Then it is the root, the one mount that is private always.
   */
  readonly coversRoot: boolean;
  readonly privilege: Privilege;
}

/** Paths begin below what covers the root; only this one leads on top of it. */
const overRoot = '/..';
/** Of the first staging folder, which is the working folder by then. */
const inside = 'inside';

export function classicMounts(
  draft: Draft,
  { folder, coversRoot, privilege }: StagingPlace,
  mountSetattr: boolean,
): MountApi {
  let held: { proc?: Slot; staging?: Slot | undefined; carries: boolean } = { carries: false };
  const proc = (): Slot => slotOf(held.proc);
  const staging = (): Slot => slotOf(held.staging);

  const stage = (path: string): void => {
    held = { ...held, staging: draft.takeSlot() };
    draft.add('make a staging folder for mounts', { kind: 'stage', path, into: staging() });
  };
  const stageTree = (
    doing: string,
    from: Slot,
    recursive: boolean,
    into: Slot,
    notes?: StepNotes,
  ): void =>
    draft.add(
      doing,
      {
        kind: 'stageTree',
        proc: proc(),
        staging: staging(),
        from,
        flags: recursive ? treeFlag.recursive : 0,
        into,
      },
      notes,
    );
  const openTree: MountApi['openTree'] = (doing, source, recursive, into, notes) => {
    if (held.staging === undefined)
      throw lacking(mountApi, 'what a user namespace takes into a joined mount namespace', notes);
    draft.add(doing, { kind: 'openHost', path: source, flags: openFlag.path, into }, notes);
    stageTree(doing, into, recursive, into, notes);
  };
  const setAttributes: MountApi['setAttributes'] = (doing, mount, change, how, notes) => {
    const { recursive = false, locked = false } = how;
    const wanted = { mount, set: BigInt(change.set), clear: BigInt(change.clear) };
    const flags = treeFlag.recursive;
    if (!recursive)
      draft.add(doing, { kind: 'remount', proc: proc(), ...wanted, locked: Number(locked) }, notes);
    else if (!mountSetattr)
      throw lacking('mount_setattr (Linux 5.12)', 'flags of a whole tree', notes);
    else if (locked) draft.add(doing, { kind: 'lockedAttributes', ...wanted, flags }, notes);
    else draft.add(doing, { kind: 'mountAttributes', ...wanted, flags, propagation: 0n }, notes);
  };
  const attach: MountApi['attach'] = (doing, mount, onto, notes) =>
    draft.add(doing, { kind: 'moveStaged', proc: proc(), mount, onto }, notes);

  const newMount: MountApi['newMount'] = (doing, mount, notes) => {
    draft.add(doing, { ...stageMount(mount), proc: proc(), staging: staging() }, notes);
    // not the file system: it may be one that others share
    if (mount.attributes & mountAttr.readOnly)
      setAttributes(doing, mount.into, { set: mountAttr.readOnly, clear: 0 }, {}, notes);
  };

  return {
    coversRoot: false,
    // it is in a mount namespace whose propagation is set
    settle: () => {},
    startAsHost(carries) {
      held = { carries, proc: openHostProc(draft) };
      if (!carries) return;
      draft.add("make a mount namespace of the host's for what only the host may open", {
        kind: 'unshare',
        namespaces: cloneFlag.mount,
      });
      draft.add('keep mounts from reaching the host', {
        kind: 'propagate',
        propagation: BigInt(propagation.slave),
        flags: treeFlag.recursive,
      });
      stage(folder);
    },
    beforeFork() {
      if (!held.carries) return;
      draft.add('stay in the staging folder', { kind: 'enterFolder', folder: staging() });
      draft.release(staging());
      held = { ...held, staging: undefined };
    },
    prepare(opened) {
      const carried = held.carries ? opened : [];
      for (const slot of carried)
        // a staged mount is named for its slot
        draft.add('find what the host has opened', {
          kind: 'openHost',
          path: String(slot),
          flags: openFlag.path,
          into: slot,
        });
      stage(held.carries ? inside : coversRoot ? overRoot : folder);
      for (const slot of carried) stageTree('take over what the host has opened', slot, true, slot);
    },
    openTree,
    copyTree: (doing, from, recursive, into, notes) =>
      stageTree(doing, from, recursive, into, notes),
    newMount,
    // without a mount namespace nothing may be mounted: then the host's own has to do
    privateProc: () =>
      held.staging === undefined ? openHostProc(draft) : privateProc(draft, newMount, privilege),
    setAttributes,
    setPropagation: (doing, mount, type, recursive, notes) =>
      draft.add(
        doing,
        {
          kind: 'spread',
          proc: proc(),
          mount,
          propagation: BigInt(type),
          flags: recursive ? treeFlag.recursive : 0,
        },
        notes,
      ),
    attach,
    mask: (doing, root, path, covers, notes) =>
      draft.add(doing, { kind: 'bindMask', proc: proc(), root, path, ...covers }, notes),
    readOnly: (doing, root, path, notes) =>
      draft.add(
        doing,
        { kind: 'bindReadOnly', proc: proc(), staging: staging(), root, path },
        notes,
      ),
    demandIdmap(origin) {
      throw lacking(mountApi, 'idmap', { origin });
    },
    // the staging folder may be one of them
    covers: () => (coversRoot && !held.carries ? 2 : 1),
    end: () => draft.release(proc(), staging()),
  };
}

function slotOf(slot: Slot | undefined): Slot {
  if (slot === undefined) throw new TypeError('mounts have not begun');
  return slot;
}

const mountApi = 'the mount API of Linux 5.12 (open_tree, mount_setattr)';

const lacking = (what: string, property: string, { origin }: StepNotes = {}): RuntError =>
  new RuntError('host-lacks', { what, needed: origin ? `${origin}: ${property}` : property });

/** mount(2) takes a file system's parameters as one text, and a few of them as flags. */
function stageMount({ type, parameters, attributes, like, into }: NewMount) {
  const isSource = (parameter: string) => parameter.startsWith('source=');
  const flags = parameters.map((parameter) => superFlag.get(parameter));
  const source = parameters.find(isSource)?.slice('source='.length);
  const data = parameters.filter((name, index) => !isSource(name) && flags[index] === undefined);
  return {
    kind: 'stageMount',
    type,
    source: source ?? 'none',
    data: data.map(quoted).join(','),
    flags: BigInt(flags.reduce<number>((all, flag) => all | (flag ?? 0), mountFlags(attributes))),
    like,
    into,
  } as const;
}

/** A security context has commas of its own. */
const quoted = (parameter: string): string =>
  /context=[^"]*,/.test(parameter) ? parameter.replace(/=(.*)$/, '="$1"') : parameter;

/** mount(2)'s own numbers for a mount's attributes, but for read-only. */
function mountFlags(attributes: number): number {
  const same = mountAttr.noSuid | mountAttr.noDev | mountAttr.noExec;
  const strange = [
    [mountAttr.noAtime, 1024],
    [mountAttr.noDirAtime, 2048],
    [mountAttr.strictAtime, 1 << 24],
    [mountAttr.noSymFollow, 256],
  ] as const;
  return strange.reduce(
    (flags, [attribute, flag]) => (attributes & attribute ? flags | flag : flags),
    attributes & same,
  );
}
