/**
 * Paths of the container, as the config writes them and as plans name them.
 */

/** `/a/./b/../c` → `/a/c`; a relative destination is taken from the root (config.md#mounts). */
export function cleanDestination(destination: string): string {
  const parts: string[] = [];
  for (const part of destination.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
