/**
 * Docker Engine, driven by its own command: dockerd, which starts a containerd of its own, whose shim calls the runtime.
 */
import { mkdirSync, rmdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cgroupsOf } from '../support/leftovers.ts';
import type { Client } from './client.ts';
import { client } from './client.ts';
import { buildCases } from './docker-build-cases.ts';
import { lifeCases } from './docker-life-cases.ts';
import { runCases } from './docker-run-cases.ts';
import { securityCases } from './docker-security-cases.ts';
import type { Daemon, Ended, Ground, RunOptions } from './ground.ts';
import { mounts } from './remains.ts';

export interface Docker {
  readonly ground: Ground;
  readonly image: string;
  /** A container's name that nobody else has. */
  readonly id: () => string;
  /** `docker WORDS`, to its end, whatever that is. */
  readonly docker: (words: readonly string[], options?: RunOptions) => Promise<Ended>;
  /** The same, and it must succeed; what it has printed. */
  readonly ok: (words: readonly string[], options?: RunOptions) => Promise<string>;
  /** The words of a `docker run` up to the image, and with it. */
  readonly runWords: (...options: readonly string[]) => string[];
  /** What a shell prints in a container that has these options; it must succeed. */
  readonly sh: (options: readonly string[], script: string) => Promise<string>;
  /** A container in the background that sleeps, or does what `words` say. */
  readonly detached: (options?: readonly string[], words?: readonly string[]) => Promise<string>;
  /** What a shell prints in a container that runs; it must succeed. */
  readonly inside: (id: string, script: string) => Promise<string>;
  /** A Go template of `docker inspect`. */
  readonly inspect: (id: string, template: string) => Promise<string>;
  /** Process 1, as the host sees it. */
  readonly pid: (id: string) => Promise<number>;
  /** What the runtime itself says of a container, whose whole id it has to be: its own `state`. */
  readonly state: (id: string) => Promise<Ended>;
  /** The whole id of a container. */
  readonly wholeId: (id: string) => Promise<string>;
  readonly remove: (id: string) => Promise<void>;
  /** Ends the daemon, and starts it again; containers stay. */
  readonly restart: () => Promise<void>;
  readonly daemon: () => Daemon;
}

async function start(ground: Ground): Promise<Docker> {
  const { folder, name, runtime, images } = ground;
  const socket = `unix://${folder}/docker.sock`;
  const config = join(folder, 'daemon.json');
  const execRoot = join(folder, 'exec');
  writeFileSync(config, JSON.stringify({ 'live-restore': true }));
  // BuildKit has no option for it: it takes what has this name
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  symlinkSync(runtime.path, join(bin, 'runc'));
  const env = { PATH: `${bin}:/usr/sbin:/usr/bin:/sbin:/bin` };
  const driver = ground.systemd ? 'systemd' : 'cgroupfs';
  const parent = ground.systemd ? `${name}.slice` : `/${name}`;
  const words = `dockerd --config-file ${config} --host ${socket} --pidfile ${folder}/docker.pid
    --data-root ${folder}/data --exec-root ${execRoot} --storage-driver overlay2
    --bridge none --iptables=false --ip-forward=false --ip-masq=false
    --exec-opt native.cgroupdriver=${driver} --cgroup-parent ${parent}
    --add-runtime tested=${runtime.path} --default-runtime tested`.split(/\s+/);
  const begin = (): Daemon => ground.daemon('dockerd', words, { env });
  let daemon = begin();
  let ids = 0;
  const argv = (rest: readonly string[]): string[] => ['/usr/bin/docker', '-H', socket, ...rest];
  const session: Docker = {
    ground,
    image: images.busybox.name,
    id: () => `${name}-${(ids += 1)}`,
    docker: (rest, options) => ground.run(argv(rest), options),
    ok: async (rest, options) => (await ground.ok(argv(rest), options)).stdout,
    runWords: (...options) => [
      'run',
      ...(options.includes('--network') ? [] : ['--network', 'none']),
      ...options,
      images.busybox.name,
    ],
    sh: (options, script) =>
      session.ok([...session.runWords('--rm', ...options), 'sh', '-c', script]),
    async detached(options = [], rest = ['sleep', '1000']) {
      const id = session.id();
      await session.ok([...session.runWords('--detach', '--name', id, ...options), ...rest]);
      return id;
    },
    inside: (id, script) => session.ok(['exec', id, 'sh', '-c', script]),
    inspect: async (id, template) =>
      (await session.ok(['inspect', '--format', template, id])).trim(),
    pid: async (id) => Number(await session.inspect(id, '{{.State.Pid}}')),
    wholeId: (id) => session.inspect(id, '{{.Id}}'),
    // the folder's name is the same for every runtime
    state: (id) =>
      ground.run([runtime.path, '--root', join(execRoot, 'runtime-runc/moby'), 'state', id]),
    async remove(id) {
      await session.ok(['rm', '--force', '--volumes', id]);
    },
    async restart() {
      await daemon.end();
      daemon = begin();
      await ready();
    },
    daemon: () => daemon,
  };
  const ready = async (): Promise<void> => {
    await ground.until('dockerd to answer', async () => {
      const { status } = await session.docker(['version'], { seconds: 10 });
      return status === 0;
    });
  };
  await ready();
  await session.ok(['load', '--input', images.busybox.archive]);
  return session;
}

async function clear({ docker }: Docker): Promise<void> {
  const { stdout } = await docker(['ps', '--all', '--quiet']);
  const ids = stdout.split('\n').filter((line) => line !== '');
  if (ids.length > 0) await docker(['rm', '--force', '--volumes', ...ids]);
}

async function end(session: Docker): Promise<void> {
  const { ground } = session;
  await clear(session);
  await session.daemon().end();
  // one that has left containers running leaves these, too
  const own = mounts().filter((path) => path.startsWith(`${ground.folder}/`));
  for (const path of own.toReversed())
    if (path === `${ground.folder}/data` || path.includes('/netns/'))
      // oxlint-disable-next-line no-await-in-loop -- what is inside first
      await ground.ok(['umount', '--no-mtab', path]);
  // BuildKit keeps the parent of its cgroups
  for (const path of cgroupsOf(ground.name)) if (path.endsWith('/buildkit')) rmdirSync(path);
}

/** Debian 12's is 20.10. */
export const docker: Client = client({
  name: 'docker',
  is: 'Docker Engine of this host',
  packages: [
    { name: 'docker.io', program: '/usr/sbin/dockerd' },
    { name: 'docker.io', program: '/usr/bin/docker-init' },
  ],
  start,
  clear,
  end,
  cases: { ...runCases, ...securityCases, ...lifeCases, ...buildCases },
});
