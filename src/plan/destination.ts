/**
 * Paths of the container, as the config writes them and as plans name them.
 */

/**
 * A path of the host below the rootfs, as the container names it; undefined for any other. By text, as runc does: whoever
 * writes the rootfs's own path means the container.
 */
export function pathInRootfs(path: string, rootfs: string): string | undefined {
  const clean = cleanDestination(path);
  const root = cleanDestination(rootfs);
  return root !== '/' && clean.startsWith(`${root}/`) ? clean.slice(root.length) : undefined;
}

/** `/a/./b/../c` → `/a/c`; a relative destination is taken from the root (config.md#mounts). */
export function cleanDestination(destination: string): string {
  // nearly every path is, and a plan asks for a hundred
  if (/^(?:\/[^/.][^/]*)+$/.test(destination)) return destination;
  const parts: string[] = [];
  for (const part of destination.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
