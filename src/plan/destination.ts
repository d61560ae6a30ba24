/**
 * Paths of the container, as the config writes them and as plans name them.
 */

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
