/**
 * `--pid-file`: the pid without a newline, complete or not there at all.
 */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { RuntError } from '../base/errors.ts';

export function writePidFile(path: string | undefined, pid: number): void {
  if (path === undefined) return;
  const temporary = join(dirname(path), `.${basename(path)}`);
  try {
    writeFileSync(temporary, String(pid), { flag: 'wx', mode: 0o666 });
    renameSync(temporary, path);
  } catch (cause) {
    const errno = cause instanceof Error && 'code' in cause ? String(cause.code) : 'EIO';
    throw new RuntError('system-call', { doing: `write the pid file ${path}`, errno }, { cause });
  }
}

/** Of a container that did not come to be. */
export function removePidFile(path: string | undefined): void {
  if (path !== undefined) rmSync(path, { force: true });
}
