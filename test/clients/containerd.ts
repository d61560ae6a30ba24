/**
 * containerd, driven by its own command ctr: through the shim io.containerd.runc.v2, which calls the runtime.
 */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from './client.ts';
import { client } from './client.ts';
import { lifeCases } from './containerd-life-cases.ts';
import { pageCases } from './containerd-page.ts';
import { runCases } from './containerd-run-cases.ts';
import type { Daemon, Ended, Ground, RunOptions } from './ground.ts';

export interface Containerd {
  readonly ground: Ground;
  readonly image: string;
  /** A container's id that nobody else has. */
  readonly id: () => string;
  /** `ctr WORDS`, to its end, whatever that is. */
  readonly ctr: (words: readonly string[], options?: RunOptions) => Promise<Ended>;
  /** The same, and it must succeed. */
  readonly ok: (words: readonly string[], options?: RunOptions) => Promise<Ended>;
  /** The words before the image of a `ctr run` with the runtime under test. */
  readonly runWords: (...options: readonly string[]) => string[];
  /** A container in the background that sleeps, or does what `words` say. */
  readonly detached: (options?: readonly string[], words?: readonly string[]) => Promise<string>;
  /** What the runtime itself says of a container: its own `state`. */
  readonly state: (id: string) => Promise<Ended>;
  /** What `ctr task ls` says of it; undefined when there is no task. */
  readonly status: (id: string) => Promise<string | undefined>;
  readonly remove: (id: string) => Promise<void>;
  readonly socket: string;
  /** Ends the daemon, and starts it again; shims stay. */
  readonly restart: () => Promise<void>;
  readonly daemon: () => Daemon;
}

/** ctr stops copying as soon as the process has ended: what a short one has printed is lost now and then, with any runtime. */
const lingering = (script: string): string => `trap 'usleep 200000' EXIT; ${script}`;

async function start(ground: Ground): Promise<Containerd> {
  const { folder, name, runtime, images } = ground;
  const socket = join(folder, 'containerd.sock');
  const config = join(folder, 'containerd.toml');
  writeFileSync(
    config,
    `version = 2
root = "${folder}/lib"
state = "${folder}/state"
disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.cri.v1.runtime", "io.containerd.cri.v1.images"]
[grpc]
address = "${socket}"
[plugins."io.containerd.internal.v1.opt"]
path = "${folder}/opt"
`,
  );
  // `ctr container create` and `ctr task start` have no option for it: they take what has this name
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  symlinkSync(runtime.path, join(bin, 'runc'));
  const env = { PATH: `${bin}:${process.env['PATH'] ?? ''}` };

  let ids = 0;
  const begin = (): Daemon => ground.daemon('containerd', ['containerd', '-c', config], { env });
  let daemon = begin();
  const argv = (words: readonly string[]): string[] => {
    const [shell, flag, script = ''] = words.slice(-3);
    const isScript = (shell === 'sh' || shell === '/bin/sh') && flag === '-c';
    const whole = isScript ? [...words.slice(0, -1), lingering(script)] : words;
    return ['ctr', '-a', socket, '-n', name, ...whole];
  };
  const session: Containerd = {
    ground,
    image: images.busybox.name,
    id: () => `${name}-${(ids += 1)}`,
    ctr: (words, options) => ground.run(argv(words), options),
    ok: (words, options) => ground.ok(argv(words), options),
    runWords: (...options) => [
      'run',
      '--runc-binary',
      runtime.path,
      ...options,
      images.busybox.name,
    ],
    async detached(options = [], words = ['sleep', '1000']) {
      const id = session.id();
      await session.ok([...session.runWords('--detach', ...options), id, ...words]);
      return id;
    },
    state: (id) =>
      ground.run([runtime.path, '--root', `/run/containerd/runc/${name}`, 'state', id]),
    async status(id) {
      const { stdout } = await session.ok(['task', 'ls']);
      return stdout
        .split('\n')
        .map((line) => line.split(/\s+/))
        .find(([first]) => first === id)?.[2];
    },
    async remove(id) {
      await session.ok(['task', 'rm', '--force', id]);
      await session.ok(['container', 'rm', id]);
    },
    socket,
    async restart() {
      await daemon.end();
      daemon = begin();
      await ready();
    },
    daemon: () => daemon,
  };
  const ready = async (): Promise<void> => {
    await ground.until('containerd to answer', async () => {
      const { status } = await ground.run(argv(['version']), { seconds: 10 });
      return status === 0;
    });
  };
  await ready();
  await session.ok(['image', 'import', images.busybox.archive]);
  return session;
}

async function clear({ ctr }: Containerd): Promise<void> {
  const words = ({ stdout }: Ended): string[] => stdout.split('\n').filter((line) => line !== '');
  for (const id of words(await ctr(['task', 'ls', '--quiet']))) {
    // oxlint-disable-next-line no-await-in-loop -- a few, after a failure
    await ctr(['task', 'rm', '--force', id], { seconds: 10 });
  }
  for (const id of words(await ctr(['container', 'ls', '--quiet'])))
    // oxlint-disable-next-line no-await-in-loop -- a few, after a failure
    await ctr(['container', 'rm', id], { seconds: 10 });
}

async function end(session: Containerd): Promise<void> {
  await clear(session);
  await session.daemon().end();
}

const parts = { start, clear, end, cases: { ...runCases, ...lifeCases, ...pageCases } };
const containerdPackage = { name: 'containerd', program: 'containerd' };

/** Debian 12's is 1.6. */
export const containerd: Client = client({
  ...parts,
  name: 'containerd',
  is: 'containerd of this host, by ctr',
  packages: [containerdPackage],
});

export const containerd2: Client = client({
  ...parts,
  name: 'containerd2',
  is: 'containerd 2 of Debian forky, by ctr',
  suite: 'forky',
  packages: [containerdPackage],
});
