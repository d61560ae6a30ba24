/**
 * Flags of a mount, changed by its descriptor: of a new one, of a source, or in a remount.
 */
import { type Attributes, mountAttr } from './flags.ts';
import type { Slot } from './generated/ops.ts';
import type { MountApi } from './mount-api.ts';

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
  mounts: MountApi,
  { mount, origin, destination, locked: seenFromInside = false }: Attributed,
  { set, clear }: Attributes,
  recursive: boolean,
): void {
  if (set === 0 && clear === 0) return;
  const doing = `set the flags of the mount on ${destination}`;
  const change = { set, clear: set & mountAttr.atimeMask ? clear | mountAttr.atimeMask : clear };
  const locked = seenFromInside && (clear & (lockable | mountAttr.atimeMask)) !== 0;
  mounts.setAttributes(
    doing,
    mount,
    change,
    { recursive, locked },
    {
      origin,
      ...(locked && { explain: { EPERM: 'cannot clear or change locked flags of the source' } }),
    },
  );
}
