/**
 * What Podman notes of a container's life, by each backend that it has: the same whatever the runtime is.
 */
import { deepEqual, equal, match } from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { type Cases, skip } from './client.ts';
import type { Engine } from './engine.ts';

const backend = (name: string): string[] => ['--events-backend', name];

/** A life with all that happens to a container; its name. */
async function live({ call, ok, runWords, id, ways }: Engine, global: string[]): Promise<string> {
  const one = id();
  const does = (...words: readonly string[]) => ok([...global, ...words]);
  const script = 'trap "exit 9" TERM; while :; do usleep 10000; done';
  await does(...runWords('--detach', '--name', one), 'sh', '-c', script);
  await does('exec', one, 'true');
  equal((await call([...global, 'exec', one, 'sh', '-c', 'exit 5'])).status, 5);
  if (ways.hasCgroups) {
    await does('pause', one);
    await does('unpause', one);
  }
  await does('stop', one);
  await does('start', one);
  await does('kill', one);
  equal(await does('wait', one), '137\n');
  await does('rm', ...ways.remove, one);
  return one;
}

/** What the race between Podman's processes decides: of `stop` and `cleanup` neither tells when another was first. */
const raced: readonly string[] = ['stop', 'cleanup'];

/** In order, and of ends their status. Podman 4.3 tells the same thing twice now and then, as two of its processes note it. */
async function toldOf({ ok }: Engine, global: string[], one: string): Promise<string[]> {
  const words = ['events', '--stream=false', '--filter', `container=${one}`];
  const told = await ok([...global, ...words, '--format', '{{.Status}} {{.ContainerExitCode}}']);
  const lines = told
    .trim()
    .split('\n')
    .map((line) => (/died/.test(line) ? line : (line.split(' ')[0] ?? '')));
  const kept = lines.filter((line) => !raced.includes(line));
  return kept.filter((line, at) => line !== kept[at - 1]);
}

const life: readonly string[] = [
  ['create', 'init', 'start'],
  ['exec', 'exec_died 0', 'exec', 'exec_died 5'],
  ['pause', 'unpause'],
  ['died 9'],
  ['init', 'start'],
  ['kill', 'died 137'],
  ['remove'],
].flat();

async function isNoted(session: Engine, name: string): Promise<void> {
  const global = backend(name);
  const one = await live(session, global);
  const isPause = (event: string): boolean => /pause/.test(event);
  const expected = life.filter((event) => session.ways.hasCgroups || !isPause(event));
  deepEqual(await toldOf(session, global, one), expected);
}

export const eventsCases: Cases<Engine> = {
  '--events-backend file': (session) => isNoted(session, 'file'),

  async '--events-backend journald'(session) {
    if (!existsSync('/run/systemd/journal/socket')) skip('there is no journal here');
    await isNoted(session, 'journald');
  },

  async '--events-backend none'(session) {
    const global = backend('none');
    const one = await live(session, global);
    const { status, stderr } = await session.call([...global, 'events', '--stream=false']);
    equal(status, 125);
    match(stderr, /none/);
    deepEqual(await toldOf(session, backend('file'), one), ['']);
  },
};
