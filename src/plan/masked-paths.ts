/**
 * maskedPaths and readonlyPaths (config-linux.md). Each path is opened once, beneath the rootfs, and covered by its
 * descriptor; what is not there needs no mask. All masked folders share one empty read-only tmpfs.
 */
import type { Config } from '../bundle/config.ts';
import { cleanDestination } from './destination.ts';
import { openVerifiedNull } from './devices.ts';
import { emptySlot, mountAttr } from './flags.ts';
import type { Slot } from './generated/ops.ts';
import { withLabel } from './mount-label.ts';
import type { MountApi } from './mount-api.ts';
import type { Draft } from './plan.ts';

export function addMaskedPaths(draft: Draft, mounts: MountApi, rootfs: Slot, config: Config): void {
  const readOnly = config.linux?.readonlyPaths ?? [];
  const masked = config.linux?.maskedPaths ?? [];
  let index = 0;
  for (const path of readOnly) {
    mounts.readOnly(`make ${path} read-only`, rootfs, cleanDestination(path), {
      origin: `linux.readonlyPaths[${index++}]`,
      tolerate: ['ENOENT'],
    });
  }
  if (masked.length === 0) return;
  const device = openVerifiedNull(draft);
  const empty = draft.takeSlot();
  mounts.newMount('make the empty folder that masks folders', {
    type: 'tmpfs',
    parameters: withLabel(
      'tmpfs',
      ['source=tmpfs', 'ro', 'nr_blocks=1', 'nr_inodes=1', 'mode=755'],
      config.linux?.mountLabel,
    ),
    attributes: mountAttr.readOnly | mountAttr.noSuid | mountAttr.noDev | mountAttr.noExec,
    like: emptySlot,
    into: empty,
  });
  const seen = new Set<string>();
  index = -1;
  for (const path of masked) {
    index++;
    const clean = cleanDestination(path);
    if (seen.has(clean)) continue;
    seen.add(clean);
    const covers = { null: device, empty };
    mounts.mask(`mask ${path}`, rootfs, clean, covers, {
      origin: `linux.maskedPaths[${index}]`,
      tolerate: ['ENOENT'],
    });
  }
  draft.release(device, empty);
}
