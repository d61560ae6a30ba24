/**
 * Paths of cgroups, handled as text: joining and cleaning without a look at any file.
 *
 * A cgroup's path is chosen by a foreign document and later created, written and removed as root,
 * so it is taken apart name by name; `..` may undo a name but never reach above the start.
 */

/** The names of `path` after `.`, `..` and empty names are resolved; undefined when it climbs above its start. */
export function pathNames(path: string): readonly string[] | undefined {
  const names: string[] = [];
  for (const name of path.split('/')) {
    if (name === '' || name === '.') continue;
    if (name !== '..') names.push(name);
    else if (names.pop() === undefined) return undefined;
  }
  return names;
}

/** `base` (absolute) and the names below it as one absolute path without a slash at its end. */
export function joinNames(base: string, names: readonly string[]): string {
  const start = base === '/' ? '' : base;
  return names.length === 0 ? base : `${start}/${names.join('/')}`;
}

/** The last name of a path; empty for `/`. */
export function lastName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** `path` is `ancestor` or lies below it. Both are absolute and clean. */
export function isWithin(path: string, ancestor: string): boolean {
  if (ancestor === '/' || path === ancestor) return true;
  return path.startsWith(`${ancestor}/`);
}
