/**
 * The root file system itself: a copy of the bundle's tree, mounted in the new mount namespace, filled, and pivoted to.
 * It is opened once; everything below goes through that descriptor.
 */
import type { Config } from '../bundle/config.ts';
import { mountAttr, openFlag, propagation, treeFlag } from './flags.ts';
import type { Slot } from './generated/ops.ts';
import type { MountApi } from './mount-api.ts';
import { propagationOf } from './mount-options.ts';
import type { Draft } from './plan.ts';

/** What the mounts of the new namespace become, before any of ours is among them. */
export function rootPropagation(config: Config): number {
  const asked = propagationOf(config.linux?.rootfsPropagation ?? '')?.type ?? propagation.slave;
  // what is unbindable could not become the root any more: that comes when it is the root
  return asked === propagation.unbindable ? propagation.private : asked;
}

/**
 * Mounts of ours must not reach the host: everything becomes a slave. A rootfsPropagation of `shared` keeps the
 * peer groups, so that shared volumes work, and makes only the root private: pivot_root(2) asks for that.
 */
export function addRootPropagation(draft: Draft, config: Config): void {
  const type = rootPropagation(config);
  const origin = config.linux?.rootfsPropagation ? 'linux.rootfsPropagation' : '';
  draft.add(
    'keep mounts from reaching the host',
    { kind: 'propagate', propagation: BigInt(type), flags: treeFlag.recursive },
    { origin },
  );
  if (type === propagation.shared)
    draft.add(
      'make the root mount private',
      { kind: 'propagate', propagation: BigInt(propagation.private), flags: 0 },
      { origin },
    );
}

/** A copy of the bundle's tree that nobody sees. */
export function openRootfsTree(draft: Draft, mounts: MountApi, path: string): Slot {
  const rootfs = draft.takeSlot();
  mounts.openTree(`open the rootfs ${path}`, path, true, rootfs, { origin: 'root.path' });
  return rootfs;
}

/**
 * The tree goes to its own path, where hooks look for it. Where the root of a user namespace cannot reach the path, it
 * lies over the root instead; and so it does where the mount that holds the path may be shared, or is not pivoted.
 */
export function placeRootfs(
  draft: Draft,
  mounts: MountApi,
  rootfs: Slot,
  path: string,
  { config, noPivot }: { readonly config: Config; readonly noPivot: boolean },
): void {
  const place = draft.takeSlot();
  const shared = rootPropagation(config) === propagation.shared;
  const origin = 'root.path';
  draft.add("open the namespace's root", {
    kind: 'openHost',
    path: '/',
    flags: openFlag.path,
    into: place,
  });
  if (!shared && !noPivot)
    draft.add(
      `open ${path} for the rootfs`,
      { kind: 'openHost', path, flags: openFlag.path, into: place },
      { origin, tolerate: ['EACCES'] },
    );
  // its peers would see what is mounted on it, and pivot_root(2) refuses it; finishRootfs gives it what is asked for
  if (shared)
    mounts.setPropagation('keep the rootfs to itself', rootfs, propagation.private, false, {
      origin,
    });
  mounts.attach('mount the rootfs', rootfs, place, { origin });
  draft.release(place);
}

export function finishRootfs(
  draft: Draft,
  mounts: MountApi,
  rootfs: Slot,
  config: Config,
  noPivot: boolean,
): void {
  const covers = mounts.covers();
  draft.add(
    'make the rootfs the root',
    noPivot ? { kind: 'moveRoot', rootfs } : { kind: 'pivotRoot', rootfs, covers },
  );
  const wanted = propagationOf(config.linux?.rootfsPropagation ?? '');
  if (wanted)
    draft.add(
      "set the root's propagation",
      {
        kind: 'propagate',
        propagation: BigInt(wanted.type),
        flags: wanted.recursive ? treeFlag.recursive : 0,
      },
      { origin: 'linux.rootfsPropagation' },
    );
  if (config.root?.readonly)
    mounts.setAttributes(
      'make the root read-only',
      rootfs,
      { set: mountAttr.readOnly, clear: 0 },
      {},
      { origin: 'root.readonly' },
    );
  draft.release(rootfs);
  mounts.end();
}
