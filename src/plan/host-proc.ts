/**
 * The procfs of the mount namespace that the runtime was called in.
 */
import { openFlag } from './flags.ts';
import type { Slot } from './generated/ops.ts';
import type { Draft } from './plan.ts';

/** The host's own procfs, before any of the container's mounts are near it. */
export function openHostProc(draft: Draft): Slot {
  const folder = draft.takeSlot();
  draft.add("open the host's /proc", {
    kind: 'openHost',
    path: '/proc',
    flags: openFlag.path,
    into: folder,
  });
  return folder;
}
