/**
 * Descriptors that become readable when something happens in a cgroup: inotify(7) for v2's files, eventfd(2) for v1's
 * controls. Off the hot path, so by the C library.
 */
import { closeSync, openSync, readSync, writeFileSync } from 'node:fs';
import { RuntError } from '../base/errors.ts';
import { errnoName } from '../base/errno-text.ts';
import { cLibrary, cText } from './system-library.ts';

export interface Notices {
  readonly descriptor: number;
  /** Takes what is there to be read. Of an eventfd: how many notices came since the last time; else at least one or none. */
  drain(): number;
  close(): void;
}

/** O_CLOEXEC | O_NONBLOCK, which inotify_init1 and eventfd call by names of their own. */
const flags = 0o2_000_000 | 0o4_000;
/** IN_MODIFY | IN_DELETE_SELF */
const changes = 0x2 | 0x400;

/** `inotify_init1(…)`, `inotify_add_watch(path, IN_MODIFY | IN_DELETE_SELF)` for each path. */
export function fileNotices(paths: readonly string[]): Notices {
  const library = cLibrary();
  const watch = library.call('inotify_add_watch');
  const descriptor = checked(library.call('inotify_init1')(flags), 'make an inotify instance');
  try {
    for (const path of paths) checked(watch(descriptor, cText(path), changes), `watch ${path}`);
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
  return noticesOf(descriptor);
}

/** `eventfd(…)`, told to cgroup.event_control of a v1 cgroup: admin-guide/cgroup-v1/memory.rst, chapter 9. */
export function controlNotices(folder: string, control: string): Notices {
  const descriptor = checked(cLibrary().call('eventfd')(0, flags), 'make an eventfd');
  try {
    const watched = openSync(`${folder}/${control}`, 'r');
    try {
      writeFileSync(`${folder}/cgroup.event_control`, `${descriptor} ${watched}`);
    } finally {
      closeSync(watched);
    }
  } catch (cause) {
    closeSync(descriptor);
    const errno = cause instanceof Error && 'code' in cause ? String(cause.code) : 'EIO';
    throw new RuntError('system-call', { doing: `watch ${folder}/${control}`, errno }, { cause });
  }
  return noticesOf(descriptor);
}

function noticesOf(descriptor: number): Notices {
  const buffer = new Uint8Array(4096);
  return {
    descriptor,
    drain() {
      try {
        if (readSync(descriptor, buffer) < 8) return 0;
        return Number(new DataView(buffer.buffer).getBigUint64(0, true));
      } catch (error) {
        // nothing there (any more)
        if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
        return 0;
      }
    },
    close: () => closeSync(descriptor),
  };
}

function checked(result: number, doing: string): number {
  if (result < 0) throw new RuntError('system-call', { doing, errno: errnoName(-result) });
  return result;
}
