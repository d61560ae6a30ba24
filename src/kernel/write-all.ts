/**
 * Writes a whole text to an open descriptor: a pipe may take less than all of it at once.
 */
import { writeSync } from 'node:fs';

export function writeAll(descriptor: number, text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
}
