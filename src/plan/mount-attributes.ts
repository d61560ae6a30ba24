/**
 * Flags of a mount, changed by its descriptor: of a new one, of a source, or in a remount.
 */
import { type Attributes, mountAttr, treeFlag } from './flags.ts';
import type { Slot } from './generated/ops.ts';
import type { Draft } from './plan.ts';

/** In a user namespace the kernel keeps these of a source, and its atime mode. */
export const lockable: number =
  mountAttr.readOnly | mountAttr.noSuid | mountAttr.noDev | mountAttr.noExec;

export interface Attributed {
  readonly mount: Slot;
  readonly origin: string;
  readonly destination: string;
  /** A source seen from a user namespace. */
  readonly locked?: boolean;
}

export function addAttributes(
  draft: Draft,
  { mount, origin, destination, locked }: Attributed,
  { set, clear }: Attributes,
  recursive: boolean,
): void {
  if (set === 0 && clear === 0) return;
  const doing = `set the flags of the mount on ${destination}`;
  const change = {
    mount,
    set: BigInt(set),
    clear: BigInt(set & mountAttr.atimeMask ? clear | mountAttr.atimeMask : clear),
    flags: recursive ? treeFlag.recursive : 0,
  };
  if (locked && clear & (lockable | mountAttr.atimeMask))
    draft.add(
      doing,
      { kind: 'lockedAttributes', ...change },
      { origin, explain: { EPERM: 'cannot clear or change locked flags of the source' } },
    );
  else draft.add(doing, { kind: 'mountAttributes', ...change, propagation: 0n }, { origin });
}
