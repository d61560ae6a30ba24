/**
 * Which file a library of the system is, without loading it.
 */
import { realpathSync, statSync } from 'node:fs';

export const libseccompName = 'libseccomp.so.2';
export const libsystemdName = 'libsystemd.so.0';

const folders = [
  '/lib/x86_64-linux-gnu',
  '/lib/aarch64-linux-gnu',
  '/lib64',
  '/usr/lib64',
  '/usr/lib',
  '/lib',
  '/usr/local/lib',
];

/** A text that changes with the library's version; undefined where it is in none of the usual places. */
export function libraryMark(name: string): string | undefined {
  for (const folder of folders) {
    const path = `${folder}/${name}`;
    const status = statSync(path, { throwIfNoEntry: false });
    if (status !== undefined)
      return `${realpathSync(path)} ${status.size} ${status.mtimeMs} ${status.ino}`;
  }
  return undefined;
}
