/**
 * The source of a bind mount: where it is, opened with its attributes and owners, and as a tree that nobody sees yet.
 */
import type { Config, Mount } from '../bundle/config.ts';
import { pathInRootfs } from './destination.ts';
import { emptySlot, make, mountAttr } from './flags.ts';
import type { Slot } from './generated/ops.ts';
import { addIdmap, askForIdmap } from './idmap.ts';
import { addAttributes, lockable } from './mount-attributes.ts';
import type { MountApi } from './mount-api.ts';
import { parseMountOptions, type MountOptions } from './mount-options.ts';
import type { Draft } from './plan.ts';
import type { SourceView } from './source-view.ts';

/** The attributes that go when any flag is named. Not the atime modes: see atime.ts. */
const plainFlags = lockable | mountAttr.noSymFollow;

export const originOf = (index: number): string => `mounts[${index}]`;

export function isBind(mount: Mount, options: MountOptions): boolean {
  return options.bind || mount.type === 'bind';
}

/** The source as the container names it, where it lies in the container: mounts that came before are seen there. */
export const sourceInRootfs = (
  mount: Mount,
  bundle: string,
  rootfsPath: string,
): string | undefined => pathInRootfs(sourcePath(mount, bundle), rootfsPath);

/** Mappings ask for mapped owners by themselves, as under runc: of the mount, not of what is below it. */
export function idmapOf(mount: Mount, options: MountOptions): MountOptions['idmap'] {
  const { uidMappings = [], gidMappings = [] } = mount;
  if (options.idmap !== undefined) return options.idmap;
  return uidMappings.length > 0 && gidMappings.length > 0 ? 'mount' : undefined;
}

/** Relative sources belong to the bundle (config.md#mounts). */
function sourcePath(mount: Mount, bundle: string): string {
  const source = mount.source ?? '';
  return source.startsWith('/') ? source : `${bundle}/${source}`;
}

export interface BindSource {
  readonly index: number;
  readonly bundle: string;
  readonly config: Config;
  readonly view: SourceView;
  /** For a source in the container: its root, and the path there. */
  readonly inside?: { readonly rootfs: Slot; readonly path: string };
  /** Made before a user namespace was entered, in which it cannot be applied. */
  readonly mapping?: Slot | undefined;
}

/**
 * Opens a bind mount's source. Flags that the config does not name go with the others when it names any; but not where a
 * user namespace finds them locked. Those that it clears by name are refused there.
 */
export function openBindSource(
  draft: Draft,
  mounts: MountApi,
  mount: Mount,
  { index, bundle, config, view, inside, mapping }: BindSource,
): Slot {
  const options = parseMountOptions(mount.options ?? []);
  const origin = originOf(index);
  const tree = draft.takeSlot();
  const source = sourcePath(mount, bundle);
  const idmap = idmapOf(mount, options);
  if (idmap) mounts.demandIdmap(origin);
  const doing = `open ${source} for the bind mount on ${mount.destination}`;
  if (inside) copyInside(draft, mounts, doing, inside, options.recursiveBind, tree, origin);
  else mounts.openTree(doing, source, options.recursiveBind, tree, { origin });
  const { set, clear } = options.own;
  const unnamed = view === 'host' ? plainFlags : mountAttr.noSymFollow;
  const all = options.named ? clear | unnamed : clear;
  const place = { mount: tree, origin, destination: mount.destination, view };
  addAttributes(mounts, place, { set, clear: all & ~set }, false);
  if (view === 'user-namespace' && options.named && (plainFlags & ~set & ~all) !== 0)
    clearUnlocked(mounts, tree, mount.destination, plainFlags & ~set & ~all, origin);
  // of a single mount, the whole tree is that mount: older kernels can do that, too
  addAttributes(mounts, place, options.recursive, options.recursiveBind);
  if (idmap && mapping !== undefined) askForIdmap(draft, tree, mapping, index, idmap, origin);
  else if (idmap) addIdmap(draft, mounts, tree, mount, idmap, config, origin);
  return tree;
}

/** All or none: what the kernel has locked it does not tell. */
function clearUnlocked(
  mounts: MountApi,
  tree: Slot,
  destination: string,
  clear: number,
  origin: string,
): void {
  const doing = `clear flags of the source of ${destination}, unless locked`;
  mounts.setAttributes(doing, tree, { set: 0, clear }, {}, { origin, tolerate: ['EPERM'] });
}

function copyInside(
  draft: Draft,
  mounts: MountApi,
  doing: string,
  { rootfs, path }: NonNullable<BindSource['inside']>,
  recursive: boolean,
  into: Slot,
  origin: string,
): void {
  const folder = draft.takeSlot();
  draft.add(
    doing,
    {
      kind: 'openTarget',
      root: rootfs,
      path,
      make: make.nothing,
      like: emptySlot,
      mode: 0,
      resolve: 0,
      into: folder,
    },
    { origin },
  );
  mounts.copyTree(doing, folder, recursive, into, { origin });
  draft.release(folder);
}
