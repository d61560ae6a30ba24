/**
 * Writes the id maps of a new user namespace: user_namespaces(7).
 */
import { writeFileSync } from 'node:fs';
import { RuntError } from '../base/errors.ts';
import type { IdMapping } from '../bundle/config.ts';
import { mapText } from '../plan/idmap.ts';

export interface IdMaps {
  readonly uid: readonly IdMapping[];
  readonly gid: readonly IdMapping[];
}

/** By who may map any id. */
export function writeIdMaps(pid: number, { uid, gid }: IdMaps): void {
  writeIdMap(pid, 'uid', uid);
  writeIdMap(pid, 'gid', gid);
}

/** All lines in one write. */
export function writeIdMap(pid: number, kind: 'uid' | 'gid', map: readonly IdMapping[]): void {
  writeProcFile(pid, `${kind}_map`, mapText(map), `linux.${kind}Mappings`);
}

export function writeProcFile(pid: number, file: string, text: string, origin: string): void {
  try {
    writeFileSync(`/proc/${pid}/${file}`, text);
  } catch (cause) {
    const errno = cause instanceof Error && 'code' in cause ? String(cause.code) : 'EIO';
    throw new RuntError(
      'step-failed',
      { origin, doing: `write ${file}`, errno, detail: '', step: 0 },
      { cause },
    );
  }
}
