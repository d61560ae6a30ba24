/**
 * How a mount is made: the port between what the chapters decide and what this kernel can do.
 *
 * Both implementations keep the same promises. A mount is made where nobody sees it, gets its attributes there, and is
 * only then attached to a target that is open already; its slot holds the root of the mount, before and after.
 * Which one a plan gets is a fact of the host (`KernelFacts`).
 */
import { type Attributes, emptySlot, treeFlag } from './flags.ts';
import type { Slot } from './generated/ops.ts';
import { openHostProc } from './host-proc.ts';
import type { Privilege } from './input.ts';
import type { Draft, StepNotes } from './plan.ts';

export interface NewMount {
  readonly type: string;
  /** `name` or `name=value`; `source` among them. */
  readonly parameters: readonly string[];
  /** Bits of `mountAttr`. */
  readonly attributes: number;
  /** Where it holds something, a tmpfs takes its mode from there. */
  readonly like: Slot;
  readonly into: Slot;
}

export interface Extent {
  /** The mount and all below it. */
  readonly recursive?: boolean;
  /** Refuses to clear what a user namespace would find locked. */
  readonly locked?: boolean;
}

export interface Covers {
  readonly null: Slot;
  readonly empty: Slot;
}

export interface MountApi {
  /** Where the rootfs lies over the root while it is filled, paths of the host that climb there lead into it. */
  readonly coversRoot: boolean;
  /** First of all, with the host's rights and paths. `carries` says that a user namespace comes before the mounts. */
  startAsHost(carries: boolean): void;
  /** What was opened before the namespace's propagation was set gets it, too: it would reach the host. */
  settle(tree: Slot, types: readonly number[], notes: StepNotes): void;
  /** Just before the clone into the namespaces. */
  beforeFork(): void;
  /** In the mount namespace, its propagation set. `opened` is what has been opened since `startAsHost`. */
  prepare(opened: readonly Slot[]): void;
  openTree(doing: string, source: string, recursive: boolean, into: Slot, notes?: StepNotes): void;
  /** Of what a slot holds. */
  copyTree(doing: string, from: Slot, recursive: boolean, into: Slot, notes?: StepNotes): void;
  newMount(doing: string, mount: NewMount, notes?: StepNotes): void;
  setAttributes(
    doing: string,
    mount: Slot,
    change: Attributes,
    how: Extent,
    notes?: StepNotes,
  ): void;
  setPropagation(
    doing: string,
    mount: Slot,
    type: number,
    recursive: boolean,
    notes?: StepNotes,
  ): void;
  attach(doing: string, mount: Slot, onto: Slot, notes?: StepNotes): void;
  mask(doing: string, root: Slot, path: string, covers: Covers, notes?: StepNotes): void;
  readOnly(doing: string, root: Slot, path: string, notes?: StepNotes): void;
  /** A procfs that no image and no volume has covered. */
  privateProc(): Slot;
  /** Refuses mapped owners where the kernel cannot do them. */
  demandIdmap(origin: string): void;
  /** How many mounts lie over the root that is left, with itself. */
  covers(): number;
  /** Nothing more is mounted. */
  end(): void;
}

/** fsopen(2), open_tree(2), mount_setattr(2), move_mount(2): mounts are detached until they are attached. */
export function modernMounts(draft: Draft, privilege: Privilege = 'host'): MountApi {
  const attributes = (mount: Slot, { set, clear }: Attributes, recursive: boolean) => ({
    mount,
    set: BigInt(set),
    clear: BigInt(clear),
    flags: recursive ? treeFlag.recursive : 0,
  });
  const depth = (recursive: boolean) => treeFlag.clone | (recursive ? treeFlag.recursive : 0);
  const newMount: MountApi['newMount'] = (doing, mount, notes) =>
    draft.add(doing, { kind: 'newMount', ...mount }, notes);
  const setPropagation: MountApi['setPropagation'] = (doing, mount, type, recursive, notes) =>
    draft.add(
      doing,
      {
        kind: 'mountAttributes',
        ...attributes(mount, { set: 0, clear: 0 }, recursive),
        propagation: BigInt(type),
      },
      notes,
    );
  return {
    coversRoot: true,
    startAsHost: () => {},
    settle(tree, types, notes) {
      for (const type of types)
        setPropagation('keep its mounts from reaching the host', tree, type, true, notes);
    },
    beforeFork: () => {},
    prepare: () => {},
    openTree: (doing, source, recursive, into, notes) =>
      draft.add(doing, { kind: 'openTree', source, flags: depth(recursive), into }, notes),
    copyTree: (doing, from, recursive, into, notes) =>
      draft.add(doing, { kind: 'copyTree', from, flags: depth(recursive), into }, notes),
    newMount,
    privateProc: () => privateProc(draft, newMount, privilege),
    setAttributes(doing, mount, change, { recursive = false, locked = false }, notes) {
      const wanted = attributes(mount, change, recursive);
      if (locked) draft.add(doing, { kind: 'lockedAttributes', ...wanted }, notes);
      else draft.add(doing, { kind: 'mountAttributes', ...wanted, propagation: 0n }, notes);
    },
    setPropagation,
    attach: (doing, mount, onto, notes) =>
      draft.add(doing, { kind: 'moveMount', mount, onto }, notes),
    mask: (doing, root, path, covers, notes) =>
      draft.add(doing, { kind: 'mask', root, path, ...covers }, notes),
    readOnly: (doing, root, path, notes) =>
      draft.add(doing, { kind: 'readOnly', root, path }, notes),
    demandIdmap: () => {},
    covers: () => 1,
    end: () => {},
  };
}

/**
 * Seen by nobody else: what is written to it or looked up there is the kernel's. In a user namespace the kernel refuses it
 * where the processes are another namespace's, as with the host's; then the slot keeps the host's procfs.
 */
export function privateProc(
  draft: Draft,
  newMount: MountApi['newMount'],
  privilege: Privilege,
): Slot {
  const into = privilege === 'host' ? draft.takeSlot() : openHostProc(draft);
  newMount(
    'make a private procfs',
    { type: 'proc', parameters: ['source=proc'], attributes: 0, like: emptySlot, into },
    { tolerate: privilege === 'host' ? [] : ['EPERM'] },
  );
  return into;
}
