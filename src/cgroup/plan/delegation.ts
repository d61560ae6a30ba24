/**
 * Who gets to own a container's cgroup (config-linux.md#cgroup-ownership): the user of its process, where the container
 * sees its cgroup as the root of a tree that it may write to. Only on v2: delegation is not secure on v1.
 */
import type { Config, IdMapping } from '../../bundle/config.ts';
import type { CgroupPlacement } from './placement.ts';

export interface Delegation {
  readonly path: string;
  /** The owner, as the host sees it. */
  readonly uid: number;
}

/** Where the kernel does not name the files itself: before 4.15. */
export const usualFiles: readonly string[] = [
  'cgroup.procs',
  'cgroup.subtree_control',
  'cgroup.threads',
];

export function planDelegation(
  config: Config,
  { mode, directories }: CgroupPlacement,
): Delegation | undefined {
  const [directory] = directories;
  if (mode !== 'v2' || directory === undefined) return undefined;
  const isPrivate = config.linux?.namespaces?.some((ns) => ns.type === 'cgroup' && !ns.path);
  if (!isPrivate || !hasWritableMount(config)) return undefined;
  const uid = hostUid(config);
  return uid === undefined ? undefined : { path: directory.path, uid };
}

function hasWritableMount({ mounts }: Config): boolean {
  return (mounts ?? []).some(
    ({ source, destination, options = [] }) =>
      source === 'cgroup' &&
      destination.replaceAll(/\/+/g, '/').replace(/\/$/, '') === '/sys/fs/cgroup' &&
      // the later one counts
      options.lastIndexOf('ro') <= options.lastIndexOf('rw'),
  );
}

/** undefined for a user that the namespace does not map. */
function hostUid({ process, linux }: Config): number | undefined {
  const uid = process?.user?.uid ?? 0;
  if (!linux?.namespaces?.some((ns) => ns.type === 'user')) return uid;
  const range = (linux.uidMappings ?? []).find(
    ({ containerID, size }: IdMapping) => uid >= containerID && uid < containerID + size,
  );
  return range && range.hostID + uid - range.containerID;
}
