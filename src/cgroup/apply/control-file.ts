/**
 * Reading and writing the small files that are a cgroup's controls.
 *
 * A failed call becomes a `system-call` error that names the file; callers that expect a failure ask
 * for its errno with `errnoOf`.
 */
import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs';
import { RuntError } from '../../base/errors.ts';

/** The errno's name, such as `ENOENT`, of a failure that came from the kernel. */
export function errnoOf(error: unknown): string | undefined {
  const cause = error instanceof RuntError ? error.cause : error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
}

/** `doing` is a verb with its object: `remove cgroup /sys/fs/cgroup/x`. */
export function callFailed(doing: string, cause: unknown): RuntError<'system-call'> {
  return new RuntError('system-call', { doing, errno: errnoOf(cause) ?? 'EIO' }, { cause });
}

/** `open(path, O_RDONLY); read(fd, …); close(fd)` — the whole text, with its last newline. */
export function readControl(directory: string, file: string): string {
  const path = `${directory}/${file}`;
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    throw callFailed(`read ${path}`, error);
  }
}

/** As `readControl`; undefined when the file or its cgroup is not there (any more). */
export function readControlIfPresent(directory: string, file: string): string | undefined {
  try {
    return readControl(directory, file);
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** ENODEV is what an open file of a removed cgroup answers. */
export function isGone(error: unknown): boolean {
  const errno = errnoOf(error);
  return errno === 'ENOENT' || errno === 'ENODEV';
}

/** What a threaded cgroup answers to most that concerns whole processes. */
export function isUnsupported(error: unknown): boolean {
  const errno = errnoOf(error);
  // one number with two names: 95
  return errno === 'ENOTSUP' || errno === 'EOPNOTSUPP';
}

/**
 * `open(path, O_WRONLY); write(fd, value, …)…; close(fd)` — each value in a write(2) of its own, as
 * the kernel takes one command at a time. Neither O_CREAT nor O_TRUNC: they hide that a file is missing.
 */
export function writeControl(directory: string, file: string, ...values: readonly string[]): void {
  const path = `${directory}/${file}`;
  let value: string | undefined;
  try {
    const fd = openSync(path, constants.O_WRONLY);
    try {
      for (value of values) writeSync(fd, value);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    throw callFailed(value === undefined ? `open ${path}` : `write "${value}" to ${path}`, error);
  }
}
