/**
 * node:path for the executable: of it, what runt uses. The engine's own is loaded at run time, a tenth of a short command.
 */

/** Absolute, without `.`, `..`, doubled and last slashes; relative parts are joined, from the working folder on. */
export function resolve(...parts: readonly string[]): string {
  let path = '';
  for (let i = parts.length - 1; i >= 0 && !path.startsWith('/'); i--)
    path = before(parts[i], path);
  if (!path.startsWith('/')) path = before(process.cwd(), path);
  return `/${names(path, true).join('/')}`;
}

const before = (part: string | undefined, path: string): string => {
  if (part === undefined || part === '') return path;
  return path === '' ? part : `${part}/${path}`;
};

export function join(...parts: readonly string[]): string {
  let path = '';
  for (const part of parts) if (part !== '') path = path === '' ? part : `${path}/${part}`;
  if (path === '') return '.';
  const absolute = path.startsWith('/');
  const joined = names(path, absolute).join('/');
  const open = path.endsWith('/') && joined !== '' ? '/' : '';
  if (absolute) return `/${joined}${open}`;
  return joined === '' ? (path.endsWith('/') ? './' : '.') : joined + open;
}

/** `..` goes one up; at the root, and nowhere else, it is lost. */
function names(path: string, absolute: boolean): string[] {
  const found: string[] = [];
  for (const name of path.split('/')) {
    if (name === '' || name === '.') continue;
    if (name !== '..') found.push(name);
    else if (found.length > 0 && found.at(-1) !== '..') found.pop();
    else if (!absolute) found.push(name);
  }
  return found;
}

export function dirname(path: string): string {
  const end = withoutLastSlashes(path);
  const slash = end.lastIndexOf('/');
  if (slash < 0) return path.startsWith('/') ? '/' : '.';
  const root = end.startsWith('//') ? 2 : 1;
  return end.slice(0, path.startsWith('/') ? Math.max(slash, root) : slash);
}

export function basename(path: string): string {
  const end = withoutLastSlashes(path);
  return end.slice(end.lastIndexOf('/') + 1);
}

function withoutLastSlashes(path: string): string {
  let end = path.length;
  while (end > 0 && path.charAt(end - 1) === '/') end--;
  return path.slice(0, end);
}
