/**
 * What a container costs before its program runs, in turn: npm run bench:memory
 *
 * The charge of its memory cgroup once it is created, and the smallest limit under which `true`, a static program, still runs
 * to its end five times in a row.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeBundle, which } from './bundles.ts';

const runtimes = {
  runt: join(import.meta.dirname, '../../dist/runt'),
  runc: which('runc'),
  crun: which('crun'),
};
const folder = mkdtempSync(join(tmpdir(), 'runt-bench-'));
let ids = 0;

const isV2 = existsSync('/sys/fs/cgroup/cgroup.controllers');
const [usage, peak] = isV2
  ? ['memory.current', 'memory.peak']
  : ['memory.usage_in_bytes', 'memory.max_usage_in_bytes'];

/** Ends when it hangs: a runtime may wait for an init that was killed. */
const call = (path: string, words: readonly string[]): number | null =>
  spawnSync(path, ['--root', join(folder, 'root'), ...words], {
    stdio: 'ignore',
    timeout: 20_000,
  }).status;

/** KiB: now, and at most until now. */
function charge(path: string): readonly [now: number, most: number] {
  const id = `memory-${process.pid}-${(ids += 1)}`;
  const bundle = makeBundle(folder, id, ['true'], (config) => {
    config.linux = {
      ...config.linux,
      cgroupsPath: `/${id}`,
      resources: { memory: { limit: 1 << 30 } },
    };
  });
  if (call(path, ['create', '-b', bundle, id]) !== 0)
    throw new Error(`${path} cannot create ${id}`);
  const cgroup = join('/sys/fs/cgroup', isV2 ? '' : 'memory', id);
  const read = (name: string): number => Number(readFileSync(join(cgroup, name), 'utf8')) / 1024;
  const found = [read(usage), read(peak)] as const;
  call(path, ['delete', '--force', id]);
  return found;
}

function runsWithin(path: string, kibibytes: number): boolean {
  const bundle = makeBundle(folder, `limit-${(ids += 1)}`, ['true'], (config) => {
    config.linux = { ...config.linux, resources: { memory: { limit: kibibytes * 1024 } } };
  });
  for (let time = 0; time < 5; time++) {
    const id = `memory-${process.pid}-${(ids += 1)}`;
    if (call(path, ['run', '-b', bundle, id]) === 0) continue;
    call(path, ['delete', '--force', id]);
    return false;
  }
  return true;
}

/** KiB, to the page. */
function smallestLimit(path: string): number {
  const step = 4;
  if (!runsWithin(path, 32 * 1024)) throw new Error(`${path} does not run in 32 MiB either`);
  let fails = 0;
  let runs = (32 * 1024) / step;
  while (runs - fails > 1) {
    const middle = Math.floor((runs + fails) / 2);
    if (runsWithin(path, middle * step)) runs = middle;
    else fails = middle;
  }
  return runs * step;
}

try {
  console.log(
    '| | charged at create, KiB | at most until then, KiB | smallest limit for `run true`, KiB |',
  );
  console.log('| --- | --- | --- | --- |');
  for (const [name, path] of Object.entries(runtimes)) {
    const [now, most] = charge(path);
    console.log(`| ${name} | ${now} | ${most} | ${smallestLimit(path)} |`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
