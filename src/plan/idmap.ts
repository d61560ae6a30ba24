/**
 * idmap and ridmap: a bind mount whose owners are mapped by its own mappings, else by the container's.
 */
import type { Config, IdMapping, Mount } from '../bundle/config.ts';
import { openFlag, treeFlag } from './flags.ts';
import type { Slot } from './generated/ops.ts';
import type { MountApi } from './mount-api.ts';
import type { Draft } from './plan.ts';

/** Lines of uid_map and gid_map: user_namespaces(7). */
export const mapText = (map: readonly IdMapping[]): string =>
  map.map(({ containerID, hostID, size }) => `${containerID} ${hostID} ${size}\n`).join('');

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
      explain: {
        EINVAL: "the source's file system may not support idmapped mounts on this kernel",
      },
    },
  );
  draft.release(namespace);
}

function openMapping(
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
