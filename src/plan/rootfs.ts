/**
 * The root file system itself: a detached copy of the bundle's tree, laid over the root of the new mount namespace,
 * filled, and pivoted to. It is opened once; everything below goes through that descriptor.
 */
import type { Config } from '../bundle/config.ts';
import { mountAttr, propagation, treeFlag } from './flags.ts';
import type { Slot } from './generated/ops.ts';
import { propagationOf } from './mount-options.ts';
import type { Draft } from './plan.ts';

/**
 * Mounts of ours must not reach the host: everything becomes a slave. A rootfsPropagation of `shared` keeps the
 * peer groups, so that shared volumes work, and makes only the root private: pivot_root(2) asks for that.
 */
export function addRootPropagation(draft: Draft, config: Config): void {
  const wanted = propagationOf(config.linux?.rootfsPropagation ?? '');
  const type = wanted?.type ?? propagation.slave;
  const origin = wanted ? 'linux.rootfsPropagation' : '';
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

export function openRootfs(draft: Draft, path: string): Slot {
  const rootfs = draft.takeSlot();
  const root = draft.takeSlot();
  draft.add(
    `open the rootfs ${path}`,
    { kind: 'openTree', source: path, flags: treeFlag.clone | treeFlag.recursive, into: rootfs },
    { origin: 'root.path' },
  );
  draft.add("open the namespace's root", { kind: 'openHost', path: '/', flags: 0, into: root });
  draft.add(
    'lay the rootfs over the root',
    { kind: 'moveMount', mount: rootfs, onto: root },
    { origin: 'root.path' },
  );
  draft.release(root);
  return rootfs;
}

export function finishRootfs(draft: Draft, rootfs: Slot, config: Config, noPivot: boolean): void {
  draft.add('make the rootfs the root', { kind: noPivot ? 'moveRoot' : 'pivotRoot', rootfs });
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
    draft.add(
      'make the root read-only',
      {
        kind: 'mountAttributes',
        mount: rootfs,
        set: BigInt(mountAttr.readOnly),
        clear: 0n,
        propagation: 0n,
        flags: 0,
      },
      { origin: 'root.readonly' },
    );
  draft.release(rootfs);
}
