/**
 * An engine: Docker's or Podman's command, which take the same words for most things.
 */
import type { Ended, Ground, RunOptions } from './ground.ts';

export interface Engine {
  readonly ground: Ground;
  readonly ways: Ways;
  /** Its command, and what comes before each subcommand. */
  readonly command: readonly string[];
  readonly image: string;
  /** A container's name that nobody else has. */
  readonly id: () => string;
  /** Its command with these words, to its end, whatever that is. */
  readonly call: (words: readonly string[], options?: RunOptions) => Promise<Ended>;
  /** The same, and it must succeed; what it has printed. */
  readonly ok: (words: readonly string[], options?: RunOptions) => Promise<string>;
  /** The words of a `run` up to the image, and with it. */
  readonly runWords: (...options: readonly string[]) => string[];
  /** What a shell prints in a container that has these options; it must succeed. */
  readonly sh: (options: readonly string[], script: string) => Promise<string>;
  /** A container in the background that sleeps, or does what `words` say. */
  readonly detached: (options?: readonly string[], words?: readonly string[]) => Promise<string>;
  /** What a shell prints in a container that runs; it must succeed. */
  readonly inside: (id: string, script: string) => Promise<string>;
  /** A Go template of `inspect`. */
  readonly inspect: (id: string, template: string) => Promise<string>;
  /** Process 1, as the host sees it. */
  readonly pid: (id: string) => Promise<number>;
  /** The whole id of a container. */
  readonly wholeId: (id: string) => Promise<string>;
  /** What the runtime itself says of a container, whose whole id it has to be: its own `state`. */
  readonly state: (id: string) => Promise<Ended>;
  readonly remove: (...ids: readonly string[]) => Promise<void>;
  /** Files that containers are to write become those of who runs them. */
  readonly give: (path: string) => void;
}

/** Where the two differ. */
export interface Ways {
  /** Of every `run` and `create`. */
  readonly options: readonly string[];
  readonly remove: readonly string[];
  /** Of `run`: its domain, if it has an option for that. */
  readonly domain: readonly string[];
  /** Of `network create`. */
  readonly network: readonly string[];
  /** Of `top`: pids of the host, and names. */
  readonly top: readonly string[];
  /** Of `update`. */
  readonly update: readonly string[];
  /** What it gives by default, as /proc has it. */
  readonly capabilities: bigint;
  /** A security option: nothing of /proc and /sys is hidden. */
  readonly unmask: string;
  /** The name that its init has in a container. */
  readonly init: string;
  /** That of the systemd which makes its cgroups. */
  readonly systemctl: readonly string[];
  /** Containers have cgroups of their own; on v1 those of a user have none. */
  readonly hasCgroups: boolean;
  /** When the runtime refuses a container. */
  readonly refused: number;
}

export interface EngineParts {
  readonly ground: Ground;
  readonly ways: Ways;
  readonly command: readonly string[];
  /** The runtime, as the engine calls it, up to the verb. */
  readonly runtime: readonly string[];
  readonly give?: (path: string) => void;
}

export function engine({ ground, ways, command, runtime, give }: EngineParts): Engine {
  const { name: image } = ground.images.busybox;
  let ids = 0;
  const self: Engine = {
    ground,
    ways,
    command,
    image,
    id: () => `${ground.name}-${(ids += 1)}`,
    call: (words, options) => ground.run([...command, ...words], options),
    ok: async (words, options) => (await ground.ok([...command, ...words], options)).stdout,
    runWords: (...options) => [
      'run',
      ...(options.includes('--network') ? [] : ['--network', 'none']),
      ...ways.options,
      ...options,
      image,
    ],
    sh: (options, script) => self.ok([...self.runWords('--rm', ...options), 'sh', '-c', script]),
    async detached(options = [], words = ['sleep', '1000']) {
      const id = self.id();
      await self.ok([...self.runWords('--detach', '--name', id, ...options), ...words]);
      return id;
    },
    inside: (id, script) => self.ok(['exec', id, 'sh', '-c', script]),
    inspect: async (id, template) => (await self.ok(['inspect', '--format', template, id])).trim(),
    pid: async (id) => Number(await self.inspect(id, '{{.State.Pid}}')),
    wholeId: (id) => self.inspect(id, '{{.Id}}'),
    state: (id) => ground.run([...runtime, 'state', id]),
    async remove(...some) {
      await self.ok(['rm', ...ways.remove, ...some]);
    },
    give: give ?? (() => {}),
  };
  return self;
}

/** Why a case is left out. */
export const noCgroups = 'a container has no cgroup of its own here';

/** All containers, running or not. */
export async function removeAll({ call, ways }: Engine): Promise<void> {
  const { stdout } = await call(['ps', '--all', '--quiet']);
  const ids = stdout.split('\n').filter((line) => line !== '');
  if (ids.length > 0) await call(['rm', ...ways.remove, ...ids]);
}
