/**
 * Out-of-memory kills in a container's cgroups, as they happen.
 */
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { controlNotices, fileNotices } from '../../kernel/notices.ts';
import type { CgroupPlacement } from '../plan/placement.ts';
import { toTable } from '../plan/statistics.ts';
import { readControlIfPresent } from './control-file.ts';

export interface OomWatch {
  /** Becomes readable when `take` may have something, or the cgroup is empty or gone; undefined where nobody tells. */
  readonly descriptor: number | undefined;
  /** Whether memory ran out since the last call. */
  take(): boolean;
  close(): void;
}

/** Without a memory controller there is nothing to be told of. */
const silent: OomWatch = { descriptor: undefined, take: () => false, close: () => {} };

export function watchOom({ mode, directories }: CgroupPlacement): OomWatch {
  if (mode === 'v2') {
    const path = directories[0]?.path;
    return path === undefined ? silent : watchV2(path);
  }
  const path = directories.find(({ controllers }) => controllers.includes('memory'))?.path;
  return path === undefined || !existsSync(`${path}/memory.oom_control`) ? silent : watchV1(path);
}

/**
 * memory.events counts the kills, but may be gone before it is read: a scope ends with its last process. Then the
 * counts of those around it tell, which keep what happened inside: admin-guide/cgroup-v2.rst, memory.events.
 */
function watchV2(path: string): OomWatch {
  const files = ['memory.events', 'cgroup.events'].filter((file) => existsSync(`${path}/${file}`));
  const notices = fileNotices(files.map((file) => `${path}/${file}`));
  const kills = () => ({ inside: countOf(path, 'memory.events'), around: countAround(path) });
  let last = kills();
  return {
    descriptor: notices.descriptor,
    take() {
      notices.drain();
      const before = last;
      last = kills();
      return existsSync(path) ? last.inside > before.inside : last.around > before.around;
    },
    close: () => notices.close(),
  };
}

/** Kills in the cgroup's parent and all below it; the first of all has no such file, and the whole system's count. */
function countAround(path: string): number {
  const parent = dirname(path);
  return existsSync(`${parent}/memory.events`) ? countOf(parent, 'memory.events') : systemKills();
}

const systemKills = (): number => countOf('/proc', 'vmstat');

/**
 * The eventfd is told before the kernel kills, or lets wait where its killer is disabled; not while another kill is under
 * way; and once more when the cgroup ends. So kills are counted as well: the cgroup's own, or, when it is gone, which may be
 * at once (systemd takes a scope away with its last process), those of the whole system.
 */
function watchV1(path: string): OomWatch {
  const notices = controlNotices(path, 'memory.oom_control');
  const before = { own: countOf(path, 'memory.oom_control'), system: systemKills() };
  let taken = 0;
  return {
    descriptor: notices.descriptor,
    take() {
      const told = notices.drain() > 0;
      const stands = existsSync(path);
      const kills = stands
        ? countOf(path, 'memory.oom_control') - before.own
        : systemKills() - before.system;
      const more = (told && stands) || kills > taken;
      if (more) taken += 1;
      return more;
    },
    close: () => notices.close(),
  };
}

/** Whether memory has run out for one of its processes, ever: one was killed, or could not be made. */
export function hadOom({ mode, directories }: CgroupPlacement): boolean {
  const path = directories.find(
    ({ controllers }) => mode === 'v2' || controllers.includes('memory'),
  )?.path;
  if (path === undefined) return false;
  if (mode !== 'v2') return countOf(path, 'memory.oom_control') > 0;
  return countOf(path, 'memory.events') > 0 || countOf(path, 'memory.events', 'oom') > 0;
}

/** 0 when the cgroup is gone. */
function countOf(path: string, file: string, name = 'oom_kill'): number {
  return Number(toTable(readControlIfPresent(path, file)).get(name) ?? 0);
}
