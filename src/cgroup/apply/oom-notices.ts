/**
 * Out-of-memory kills in a container's cgroups, as they happen.
 */
import { existsSync } from 'node:fs';
import { controlNotices, fileNotices, type Notices } from '../../kernel/notices.ts';
import type { CgroupPlacement } from '../plan/placement.ts';
import { toTable } from '../plan/statistics.ts';
import { readControlIfPresent } from './control-file.ts';
import { sleep } from './sleep.ts';

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

/**
 * The eventfd also tells of a container that waits for memory, its killer being disabled: that is out of memory, too. And it
 * tells of the end of the cgroup, which systemd takes away with its last process: what came before that end is known
 * only by the number of notices then.
 */
async function watchV1(path: string): Promise<OomWatch> {
  const notices = await controlNotices(path, 'memory.oom_control');
  let [killed, waiting] = [countOf(path, 'memory.oom_control'), false];
  let untold = 0;
  return {
    descriptor: notices.descriptor,
    take() {
      untold += notices.drain();
      const table = tableOf(path, 'memory.oom_control');
      if (table.size === 0) {
        sleep(settleMilliseconds);
        untold += notices.drain();
        return untold > 1;
      }
      const before = { killed, waiting };
      killed = Number(table.get('oom_kill') ?? 0);
      waiting = Number(table.get('under_oom') ?? 0) > 0;
      const ranOut = killed > before.killed || (waiting && !before.waiting);
      if (ranOut) untold = 0;
      return ranOut;
    },
    close: () => notices.close(),
  };
}

/** Between two notices of one end. */
const settleMilliseconds = 20;

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
  return Number(tableOf(path, file).get(name) ?? 0);
}

/** Empty when the cgroup is gone. */
const tableOf = (path: string, file: string) => toTable(readControlIfPresent(path, file));
