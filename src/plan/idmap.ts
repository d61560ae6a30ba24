/**
 * idmap and ridmap: a bind mount whose owners are mapped by its own mappings, else by the container's.
 */
import type { Config, IdMapping, Mount } from '../bundle/config.ts';
import { openFlag, treeFlag } from './flags.ts';
import type { Slot } from './generated/ops.ts';
import type { MountApi } from './mount-api.ts';
import { type Draft, gates } from './plan.ts';

/** Lines of uid_map and gid_map: user_namespaces(7). */
export const mapText = (map: readonly IdMapping[]): string =>
  map.map(({ containerID, hostID, size }) => `${containerID} ${hostID} ${size}\n`).join('');

export const noIdmap = "the source's file system may not support idmapped mounts on this kernel";

/** Tags of descriptors: a user namespace with the mapping, and from `mountTag` on twice the mount's index and its extent. */
const mappingTag = 2;
const mountTag = 16;

/** A mount that the runtime is to map, told by the tag that it came with; undefined for what is something else. */
export const mountOfTag = (
  tag: number,
): { readonly index: number; readonly recursive: boolean } | undefined =>
  tag < mountTag
    ? undefined
    : { index: (tag - mountTag) >> 1, recursive: ((tag - mountTag) & 1) === 1 };

export const isMappingTag = (tag: number): boolean => tag === mappingTag;

/**
 * In a user namespace nobody may map owners, and the source may not have been there before: so the tree is shown to the
 * runtime, which may. `mapping` was made with the host's rights.
 */
export function askForIdmap(
  draft: Draft,
  tree: Slot,
  mapping: Slot,
  index: number,
  extent: 'mount' | 'tree',
  origin: string,
): void {
  draft.add(
    'show the mapping to the runtime',
    { kind: 'sendDescriptor', descriptor: mapping, tag: mappingTag },
    { origin },
  );
  draft.add(
    'show the mount to the runtime',
    {
      kind: 'sendDescriptor',
      descriptor: tree,
      tag: mountTag + 2 * index + (extent === 'tree' ? 1 : 0),
    },
    { origin },
  );
  draft.add('wait at the gate "owners"', { kind: 'gate', gate: gates.owners }, { origin });
  draft.release(mapping);
}

export function addIdmap(
  draft: Draft,
  mounts: MountApi,
  tree: Slot,
  mount: Mount,
  extent: 'mount' | 'tree',
  config: Config,
  origin: string,
): void {
  const namespace = openMapping(draft, mounts, mount, config, origin);
  draft.add(
    `map the owners in the mount on ${mount.destination}`,
    { kind: 'idmap', mount: tree, namespace, flags: extent === 'tree' ? treeFlag.recursive : 0 },
    {
      origin,
      explain: { EINVAL: noIdmap },
    },
  );
  draft.release(namespace);
}

export function openMapping(
  draft: Draft,
  mounts: MountApi,
  mount: Mount,
  config: Config,
  origin: string,
): Slot {
  const joined = config.linux?.namespaces?.find((ns) => ns.type === 'user' && ns.path);
  const uid = mount.uidMappings ?? config.linux?.uidMappings ?? [];
  const gid = mount.gidMappings ?? config.linux?.gidMappings ?? [];
  const namespace = draft.takeSlot();
  if (uid.length === 0 && joined?.path) {
    draft.add(
      `open the user namespace ${joined.path}`,
      { kind: 'openHost', path: joined.path, flags: openFlag.readOnly, into: namespace },
      { origin },
    );
    return namespace;
  }
  const proc = mounts.privateProc();
  draft.add(
    'make a user namespace for the mappings',
    { kind: 'mapNamespace', proc, uid: mapText(uid), gid: mapText(gid), into: namespace },
    { origin },
  );
  draft.release(proc);
  return namespace;
}
