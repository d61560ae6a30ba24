/**
 * What the configuration of a client says of its runtimes: which there are, which one it takes by default, and whether
 * systemd is to make the cgroups.
 *
 * In:  the texts of its files, in the order in which the client reads them. Out: data; a later file counts.
 */
import type { ClientName } from './facts.ts';
import { readToml, type TomlEntry, TomlFault, type TomlValue } from './toml.ts';

export interface ConfiguredRuntime {
  readonly name: string;
  /** A path, or a name that is looked for in PATH. */
  readonly path: string;
  readonly systemdCgroup?: boolean;
}

export interface ClientConfig {
  readonly runtimes: readonly ConfiguredRuntime[];
  readonly byDefault?: string;
  /** Further files, as shell patterns. */
  readonly imports: readonly string[];
}

/** Why a text is not what its name says, or its configuration. */
export type Reading = { readonly entries: readonly TomlEntry[] } | { readonly reason: string };

export function readClientFile(client: ClientName, text: string): Reading {
  try {
    return { entries: client === 'docker' ? entriesOf(JSON.parse(text), []) : readToml(text) };
  } catch (error) {
    return {
      reason:
        error instanceof TomlFault || error instanceof SyntaxError ? error.message : 'unreadable',
    };
  }
}

/** JSON as TOML's entries, so that there is one way to look at both. */
function entriesOf(value: unknown, keys: readonly string[]): readonly TomlEntry[] {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return Object.entries(value).flatMap(([key, below]) => entriesOf(below, [...keys, key]));
  return [{ keys, value: plain(value) }];
}

function plain(value: unknown): TomlValue {
  if (Array.isArray(value)) return value.map(plain);
  return typeof value === 'boolean' ? value : String(value);
}

export function clientConfig(client: ClientName, entries: readonly TomlEntry[]): ClientConfig {
  const imports = strings(last(entries, (keys) => is(keys, 'imports')));
  const byDefault = defaults[client](entries);
  return {
    runtimes: runtimes[client](entries),
    ...(byDefault !== undefined && byDefault !== '' && { byDefault }),
    imports,
  };
}

type Reader<T> = Readonly<Record<ClientName, (entries: readonly TomlEntry[]) => T>>;

const defaults: Reader<string | undefined> = {
  containerd: (entries) => textOf(last(entries, (keys) => keys.at(-1) === 'default_runtime_name')),
  docker: (entries) => textOf(last(entries, (keys) => is(keys, 'default-runtime'))),
  podman: (entries) => textOf(last(entries, (keys) => is(keys, 'engine', 'runtime'))),
  'cri-o': (entries) =>
    textOf(last(entries, (keys) => is(keys, 'crio', 'runtime', 'default_runtime'))),
};

const runtimes: Reader<readonly ConfiguredRuntime[]> = {
  containerd: (entries) =>
    namesBelow(entries, (keys) => keys.indexOf('runtimes')).flatMap(({ name, below }) => {
      const path = textOf(last(below, (keys) => is(keys, 'options', 'BinaryName')));
      const systemd = last(below, (keys) => is(keys, 'options', 'SystemdCgroup'));
      return path === undefined || path === '' ? [] : [runtime(name, path, systemd)];
    }),
  docker: (entries) => {
    const options = strings(last(entries, (keys) => is(keys, 'exec-opts')));
    const driver = options.findLast((option) => option.startsWith('native.cgroupdriver='));
    const systemd = driver === undefined ? undefined : driver.endsWith('=systemd');
    return namesBelow(entries, (keys) => (keys[0] === 'runtimes' ? 0 : -1)).flatMap(
      ({ name, below }) => {
        const path =
          textOf(last(below, (keys) => is(keys, 'path'))) ??
          textOf(last(below, (keys) => is(keys, 'options', 'BinaryName')));
        return path === undefined ? [] : [runtime(name, path, systemd)];
      },
    );
  },
  podman: (entries) => {
    const manager = textOf(last(entries, (keys) => is(keys, 'engine', 'cgroup_manager')));
    const systemd = manager === undefined ? undefined : manager === 'systemd';
    const listedOnes = entries
      .filter(({ keys }) => keys.length === 3 && keys[0] === 'engine' && keys[1] === 'runtimes')
      .flatMap(({ keys, value }) =>
        // the first of its paths that is there is taken; which one that is, the host says
        strings(value).map((path) => runtime(keys[2] ?? '', path, systemd)),
      );
    const named = defaults.podman(entries);
    return named?.startsWith('/') === true
      ? [...listedOnes, runtime(named, named, systemd)]
      : listedOnes;
  },
  'cri-o': (entries) => {
    const manager = textOf(last(entries, (keys) => is(keys, 'crio', 'runtime', 'cgroup_manager')));
    const systemd = manager === undefined ? undefined : manager === 'systemd';
    return namesBelow(entries, (keys) =>
      keys[0] === 'crio' && keys[1] === 'runtime' && keys[2] === 'runtimes' ? 2 : -1,
    ).map(({ name, below }) =>
      runtime(name, textOf(last(below, (keys) => is(keys, 'runtime_path'))) || name, systemd),
    );
  },
};

function runtime(name: string, path: string, systemd: TomlValue | undefined): ConfiguredRuntime {
  return { name, path, ...(typeof systemd === 'boolean' && { systemdCgroup: systemd }) };
}

/** The names after a key, and of each what is said of it. */
function namesBelow(
  entries: readonly TomlEntry[],
  place: (keys: readonly string[]) => number,
): readonly { readonly name: string; readonly below: readonly TomlEntry[] }[] {
  const found = new Map<string, TomlEntry[]>();
  for (const { keys, value } of entries) {
    const at = place(keys);
    const name = at < 0 ? undefined : keys[at + 1];
    if (name === undefined) continue;
    const below = found.get(name) ?? [];
    below.push({ keys: keys.slice(at + 2), value });
    found.set(name, below);
  }
  return [...found].map(([name, below]) => ({ name, below }));
}

const is = (keys: readonly string[], ...wanted: readonly string[]): boolean =>
  keys.length === wanted.length && wanted.every((key, index) => keys[index] === key);

const last = (
  entries: readonly TomlEntry[],
  wanted: (keys: readonly string[]) => boolean,
): TomlValue | undefined => entries.findLast(({ keys }) => wanted(keys))?.value;

const textOf = (value: TomlValue | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

const strings = (value: TomlValue | undefined): readonly string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
