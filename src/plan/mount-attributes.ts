/**
 * Flags of a mount, changed by its descriptor: of a new one, of a source, or in a remount.
 */
import { type Attributes, mountAttr } from './flags.ts';
import type { Slot } from './generated/ops.ts';
import type { MountApi } from './mount-api.ts';
import type { SourceView } from './source-view.ts';

/** In a user namespace the kernel keeps these of a source, and its atime mode. */
export const lockable: number =
  mountAttr.readOnly | mountAttr.noSuid | mountAttr.noDev | mountAttr.noExec;

export interface Attributed {
  readonly mount: Slot;
  readonly origin: string;
  readonly destination: string;
  readonly view?: SourceView;
}

export function addAttributes(
  mounts: MountApi,
  { mount, origin, destination, view = 'host' }: Attributed,
  { set, clear }: Attributes,
  recursive: boolean,
): void {
  if (set === 0 && clear === 0) return;
  const doing = `set the flags of the mount on ${destination}`;
  const change = { set, clear: set & mountAttr.atimeMask ? clear | mountAttr.atimeMask : clear };
  const mayBeLocked = view !== 'host' && (clear & (lockable | mountAttr.atimeMask)) !== 0;
  mounts.setAttributes(
    doing,
    mount,
    change,
    // in the namespace itself the kernel sees to it
    { recursive, locked: mayBeLocked && view === 'host-for-namespace' },
    {
      origin,
      ...(mayBeLocked && {
        explain: { EPERM: 'cannot clear or change locked flags of the source' },
      }),
    },
  );
}
