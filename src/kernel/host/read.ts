/**
 * Small files of /proc, /sys and /etc, of which any may be missing.
 */
import { readFileSync } from 'node:fs';

export function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

export function numberOf(path: string): number | undefined {
  const text = textOf(path)?.trim();
  return text === undefined || !/^\d+$/.test(text) ? undefined : Number(text);
}
