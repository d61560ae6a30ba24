/**
 * Out-of-memory kills in a container's cgroups, as they happen.
 */
import { existsSync } from 'node:fs';
import { controlNotices, fileNotices, type Notices } from '../../kernel/notices.ts';
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

export async function watchOom({ mode, directories }: CgroupPlacement): Promise<OomWatch> {
  if (mode === 'v2') {
    const path = directories[0]?.path;
    return path === undefined ? silent : watchV2(path);
  }
  const path = directories.find(({ controllers }) => controllers.includes('memory'))?.path;
  return path === undefined || !existsSync(`${path}/memory.oom_control`) ? silent : watchV1(path);
}

async function watchV2(path: string): Promise<OomWatch> {
  const files = ['memory.events', 'cgroup.events'].filter((file) => existsSync(`${path}/${file}`));
  const notices = await fileNotices(files.map((file) => `${path}/${file}`));
  return watchCounter(notices, () => countOf(path, 'memory.events'));
}

/** The eventfd also tells of a container that waits for memory, its killer being disabled: that is out of memory, too. */
async function watchV1(path: string): Promise<OomWatch> {
  const notices = await controlNotices(path, 'memory.oom_control');
  const isWaiting = () => countOf(path, 'memory.oom_control', 'under_oom') > 0;
  const counter = watchCounter(notices, () => countOf(path, 'memory.oom_control'));
  let waited = false;
  return {
    ...counter,
    take() {
      const killed = counter.take();
      const before = waited;
      waited = isWaiting();
      return killed || (waited && !before);
    },
  };
}

function watchCounter(notices: Notices, count: () => number): OomWatch {
  let last = count();
  return {
    descriptor: notices.descriptor,
    take() {
      notices.drain();
      const before = last;
      last = Math.max(last, count());
      return last > before;
    },
    close: () => notices.close(),
  };
}

/** Whether memory has run out for one of its processes, ever. */
export function hadOom({ mode, directories }: CgroupPlacement): boolean {
  const path = directories.find(
    ({ controllers }) => mode === 'v2' || controllers.includes('memory'),
  )?.path;
  if (path === undefined) return false;
  return countOf(path, mode === 'v2' ? 'memory.events' : 'memory.oom_control') > 0;
}

/** 0 when the cgroup is gone. */
function countOf(path: string, file: string, name = 'oom_kill'): number {
  return Number(toTable(readControlIfPresent(path, file)).get(name) ?? 0);
}
