/**
 * The folder of the containers' state, for a report: nothing is made there.
 */
import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { StateFolderFacts } from '../../doctor/facts.ts';
import { librunt } from '../librunt.ts';

/** statfs(2) */
const flag = { readOnly: 1, nodev: 4, noexec: 8 };
const inMemory = [0x0102_1994, 0x8584_58f6];

export function stateFolderFacts(path: string): StateFolderFacts {
  let nearest = path;
  while (nearest !== '/' && !existsSync(nearest)) nearest = dirname(nearest);
  const told = new Float64Array(5);
  librunt().space(nearest, told);
  const [type = 0, flags = 0, freeBytes = 0, files = 0, freeFiles = 0] = told;
  const has = (bit: number) => (flags & bit) !== 0;
  return {
    path,
    exists: nearest === path,
    nearest,
    writable: mayWrite(nearest),
    inMemory: inMemory.includes(type),
    readOnly: has(flag.readOnly),
    noexec: has(flag.noexec),
    nodev: has(flag.nodev),
    freeBytes,
    ...(files > 0 && { freeFiles }),
  };
}

function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
