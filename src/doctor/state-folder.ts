/**
 * The folder of the containers' state. Nothing is executed from it and no device is opened in it, so noexec and nodev
 * are welcome there.
 */
import { type Check, fail, isRootless, note, ok, warn } from './check.ts';
import type { HostFacts, StateFolderFacts } from './facts.ts';

const mebibyte = 1 << 20;
/** A container's record, its config and a seccomp program are below 200 KB together. */
const tightBytes = 16 * mebibyte;
const tightFiles = 256;

export function judgeStateFolder(facts: HostFacts): readonly Check[] {
  const { path, nearest, writable, readOnly } = facts.state;
  const name = 'state';
  if (readOnly || !writable) {
    const why = readOnly ? 'its file system is read-only' : `${nearest} is not yours to write`;
    const advice =
      isRootless(facts) && path.startsWith('/run/')
        ? 'set XDG_RUNTIME_DIR to a folder of yours, or name one: runt --root FOLDER'
        : 'name another one: runt --root FOLDER';
    return [fail(name, `${path} cannot be made or written: ${why}`, advice)];
  }
  return [judgeRoom(name, facts.state)];
}

const room = (bytes: number): string =>
  bytes < 10 * 1024 * mebibyte
    ? `${Math.floor(bytes / mebibyte)} MiB`
    : `${Math.floor(bytes / mebibyte / 1024)} GiB`;

function judgeRoom(name: string, state: StateFolderFacts): Check {
  const { path, freeBytes, freeFiles, inMemory } = state;
  const flags = [...(state.noexec ? ['noexec'] : []), ...(state.nodev ? ['nodev'] : [])];
  const free = `${room(freeBytes)} free`;
  if (freeBytes === 0 || freeFiles === 0)
    return fail(name, `${path} is full`, 'make room, or name another one: runt --root FOLDER');
  if (freeBytes < tightBytes || (freeFiles ?? tightFiles) < tightFiles)
    return warn(
      name,
      `${path} is almost full: ${free}, ${freeFiles ?? 'enough'} files`,
      'make room there',
    );
  if (!inMemory)
    return note(
      name,
      `${path} is on a disk: what it says of containers outlives them at a reboot (${free})`,
      'use a tmpfs: runt --root FOLDER',
    );
  return ok(name, `${path}, in memory, ${[free, ...flags].join(', ')}`);
}
