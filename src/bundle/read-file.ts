/**
 * Reads a file that the user named; a refusal of the kernel becomes an error with its errno.
 */
import { readFileSync } from 'node:fs';
import { RuntError } from '../base/errors.ts';

export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new RuntError('system-call', { doing: `read ${path}`, errno: errnoOf(cause) }, { cause });
  }
}

function errnoOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'EIO';
}
