/**
 * The process's environment, and where its program may be.
 */

/** Each name once, the last value wins; `HOME=` is missing or empty when the passwd file has to be asked. */
export function environmentOf(env: readonly string[]): {
  readonly env: readonly string[];
  readonly needsHome: boolean;
} {
  const values = new Map<string, string>();
  for (const entry of env) {
    const name = entry.slice(0, entry.indexOf('='));
    values.set(name, entry);
  }
  const home = values.get('HOME');
  const needsHome = home === undefined || home === 'HOME=';
  if (needsHome) values.delete('HOME');
  // the last place is the one that runt-init fills in
  return { env: needsHome ? [...values.values(), 'HOME=/'] : [...values.values()], needsHome };
}

/** What startContainer hooks without an environment of their own inherit: the process's. */
export function inheritedByHooks(env: readonly string[]): readonly string[] {
  const found = environmentOf(env);
  // empty: runt-init fills in the home that it has looked up
  return found.needsHome ? [...found.env.slice(0, -1), 'HOME='] : found.env;
}

/** Where the program is looked for, in this order: a name with a slash is a path, any other is searched in PATH. */
export function executableCandidates(name: string, env: readonly string[]): readonly string[] {
  if (name.includes('/')) return [name];
  const path = env.find((entry) => entry.startsWith('PATH='))?.slice('PATH='.length) ?? '';
  return path === ''
    ? []
    : path.split(':').map((folder) => `${folder === '' ? '.' : folder}/${name}`);
}
