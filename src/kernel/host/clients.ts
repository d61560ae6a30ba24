/**
 * The programs that call runtimes: where they are, and what their configuration says of runt.
 */
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import {
  clientConfig,
  type ConfiguredRuntime,
  readClientFile,
} from '../../doctor/client-config.ts';
import type { ClientFacts, ClientName, NamedRuntime } from '../../doctor/facts.ts';
import type { TomlEntry } from '../../doctor/toml.ts';
import { findProgram, isProgram } from './programs.ts';

type Environment = Readonly<Record<string, string | undefined>>;

interface Client {
  readonly client: ClientName;
  readonly program: string;
  /** In the order in which the client reads them; a folder stands for its files, by name. */
  readonly places: (env: Environment) => readonly string[];
}

const clients: readonly Client[] = [
  {
    client: 'containerd',
    program: 'containerd',
    // what else it reads, its own `imports` say
    places: () => ['/etc/containerd/config.toml'],
  },
  {
    client: 'docker',
    program: 'dockerd',
    places: () => ['/etc/docker/daemon.json'],
  },
  {
    client: 'podman',
    program: 'podman',
    places: (env) => {
      const own = env['XDG_CONFIG_HOME'] || (env['HOME'] ? `${env['HOME']}/.config` : undefined);
      return ['/usr/share', '/etc', ...(own === undefined ? [] : [own])].flatMap((folder) => [
        `${folder}/containers/containers.conf`,
        `${folder}/containers/containers.conf.d/*.conf`,
      ]);
    },
  },
  {
    client: 'cri-o',
    program: 'crio',
    places: () => ['/etc/crio/crio.conf', '/etc/crio/crio.conf.d/*'],
  },
];

/** `root` is where the host's files are: `/`, but in tests. */
export function clientFacts(env: Environment, root = ''): readonly ClientFacts[] {
  return clients.map((client) => factsOf(client, env, root));
}

function factsOf({ client, program, places }: Client, env: Environment, root: string): ClientFacts {
  const found = findProgram(program, env);
  const files: string[] = [];
  const damaged: { file: string; reason: string }[] = [];
  const entries: TomlEntry[] = [];
  const queue = [...places(env)];
  for (let pattern = queue.shift(); pattern !== undefined; pattern = queue.shift()) {
    for (const file of matches(root, pattern)) {
      if (files.includes(file)) continue;
      files.push(file);
      const read = readFile(client, `${root}${file}`);
      if ('reason' in read) {
        damaged.push({ file, reason: read.reason });
        continue;
      }
      entries.push(...read.entries);
      const { imports } = clientConfig(client, read.entries);
      if (client === 'containerd') queue.push(...imports.map((path) => absolute(path, file)));
    }
  }
  const { runtimes, byDefault } = clientConfig(client, entries);
  return {
    client,
    ...(found !== undefined && { program: found }),
    files,
    damaged,
    runtimes: oursAmong(runtimes, env, root),
    ...(byDefault !== undefined && { byDefault }),
  };
}

const absolute = (path: string, file: string): string =>
  path.startsWith('/') ? path : `${dirname(file)}/${path}`;

function readFile(client: ClientName, path: string): ReturnType<typeof readClientFile> {
  try {
    return readClientFile(client, readFileSync(path, 'utf8'));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'EIO';
    return { reason: code === 'EACCES' ? 'only root may' : code };
  }
}

/** A star stands in the last part only, as in the files that there are. */
function matches(root: string, pattern: string): readonly string[] {
  if (!pattern.includes('*')) return existsSync(`${root}${pattern}`) ? [pattern] : [];
  const folder = dirname(pattern);
  const [before = '', after = ''] = basename(pattern).split('*');
  try {
    return readdirSync(`${root}${folder}`, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map(({ name }) => name)
      .filter((name) => name.startsWith(before) && name.endsWith(after))
      .toSorted()
      .map((name) => `${folder}/${name}`);
  } catch {
    return [];
  }
}

/** runt by its name, or by where a link leads. Of a runtime's several paths, the first that is there counts. */
function oursAmong(
  configured: readonly ConfiguredRuntime[],
  env: Environment,
  root: string,
): readonly NamedRuntime[] {
  const byName = new Map<string, NamedRuntime>();
  for (const { name, path, systemdCgroup } of configured) {
    const named = {
      name,
      ...whereabouts(path, env, root),
      ...(systemdCgroup !== undefined && { systemdCgroup }),
    };
    if (!leadsToRunt(`${root}${named.path}`)) continue;
    if (byName.get(name)?.program !== 'there') byName.set(name, named);
  }
  return [...byName.values()];
}

function whereabouts(
  path: string,
  env: Environment,
  root: string,
): Pick<NamedRuntime, 'path' | 'program'> {
  const full = path.startsWith('/') ? path : findProgram(path, env);
  if (full === undefined) return { path, program: 'missing' };
  if (isProgram(`${root}${full}`)) return { path: full, program: 'there' };
  return { path: full, program: existsSync(`${root}${full}`) ? 'not-executable' : 'missing' };
}

function leadsToRunt(path: string): boolean {
  if (basename(path) === 'runt') return true;
  try {
    return basename(realpathSync(path)) === 'runt';
  } catch {
    return false;
  }
}
