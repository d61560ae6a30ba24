/**
 * A runtime that is killed at any instant leaves nothing that `delete --force` cannot clear: shown by killing it at
 * each of its system calls in turn, as a first run's trace names them.
 */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { setArgs } from '../support/bundle-builder.ts';
import { leftovers } from '../support/leftovers.ts';
import { executable } from '../support/runtimes.ts';
import { type Stage, until, useStage } from '../support/stage.ts';
import { stretched, stride } from '../support/patience.ts';

interface Instant {
  readonly call: string;
  /** Which one of that name. */
  readonly time: number;
}

/** The calls of the main process. Where the record's folder is made, the ones that matter begin. */
async function instants(stage: Stage, words: readonly string[]): Promise<Instant[]> {
  const id = stage.id();
  const trace = join(stage.folder, 'trace');
  await stage.ok([...words, id], { through: ['strace', '-o', trace] });
  await stage.remove(id);
  const counts = new Map<string, number>();
  const all = readFileSync(trace, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, call] = /^(\w+)\(/.exec(line) ?? [];
      if (call === undefined) return [];
      const time = (counts.get(call) ?? 0) + 1;
      counts.set(call, time);
      return [{ call, time, begins: call === 'mkdir' && line.includes(`${stage.root}/${id}`) }];
    });
  const first = all.findIndex(({ begins }) => begins);
  expect(first).toBeGreaterThan(0);
  const before = all.slice(1, first).filter((_, index) => index % 40 === 0);
  return [...before, ...all.slice(first)];
}

async function killAt(
  stage: Stage,
  words: readonly string[],
  { call, time }: Instant,
): Promise<string[]> {
  const id = stage.id();
  const through = ['strace', '-o', '/dev/null', '-e', `inject=${call}:signal=KILL:when=${time}`];
  const pid = join(stage.folder, `${id}.pid`);
  await stage.call([...words, '--pid-file', pid, id], { through });
  await stage.call(['delete', '--force', id]);
  rmSync(pid, { force: true });
  rmSync(join(stage.folder, `.${id}.pid`), { force: true });
  const left = () =>
    leftovers(id, join(stage.root, id)).filter((line) => !line.includes('(strace)'));
  // an init that has seen its runtime die needs a moment to die of it
  await until(() => left().length === 0).catch(() => undefined);
  return left().map((line) => `${call} ${time}: ${line}`);
}

describe('a killed runtime', () => {
  const stage = useStage(executable);

  it.each(['create', 'run'])(
    '%s leaves nothing that delete --force does not clear',
    async (verb) => {
      const bundle = stage.bundle(setArgs('sleep', '60'));
      const words = [verb, ...(verb === 'run' ? ['--detach'] : []), '-b', bundle];
      const every = await instants(stage, words);
      expect(every.length).toBeGreaterThan(60);
      const all = every.filter((_, index) => index % stride === 0);
      const left: string[] = [];
      const worker = async () => {
        for (let next = all.shift(); next !== undefined; next = all.shift())
          left.push(...(await killAt(stage, words, next)));
      };
      await Promise.all([worker(), worker()]);
      expect(left).toEqual([]);
    },
    stretched(120_000),
  );

  it('leaves the container to itself when run is killed in the foreground', async () => {
    const id = stage.id();
    const bundle = stage.bundle(setArgs('sleep', '60'));
    const through = ['sh', '-c', `echo $$ > ${stage.folder}/pid; exec "$@"`, 'sh'];
    const running = stage.call(['run', '-b', bundle, id], { through });
    await until(async () => (await stage.call(['state', id])).stdout.includes('running'), 'it');
    process.kill(Number(readFileSync(join(stage.folder, 'pid'), 'utf8')), 'SIGKILL');
    expect(await running).toMatchObject({ status: 137 });
    await stage.remove(id);
  });
});
