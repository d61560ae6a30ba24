/**
 * No text that reaches the kernel holds a NUL byte, where the kernel would silently end it.
 *
 * It covers every name and value but the annotations and the listener's metadata, which are nobody's C string.
 */
import type { Finding } from '../../base/errors.ts';
import type { Config, Process } from '../config.ts';
import { below, finding } from '../finding.ts';

const opaque = new Set(['/annotations', '/linux/seccomp/listenerMetadata']);

export function nulBytes(config: Config): Finding[] {
  return mayHoldNul(config) ? search(config, '') : [];
}

/** For a process that stands alone. */
export function nulBytesOfProcess(process: Process, at: string): Finding[] {
  return mayHoldNul(process) ? search(process, at) : [];
}

/** The engine looks through a whole document faster than the search through a tenth of it. */
function mayHoldNul(document: unknown): boolean {
  return JSON.stringify(document).includes('\\u0000');
}

function search(value: unknown, pointer: string): Finding[] {
  if (opaque.has(pointer)) return [];
  if (typeof value === 'string') return value.includes('\0') ? [faultAt(pointer, value)] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const place = below(pointer, name);
    return name.includes('\0') ? [faultAt(place, name)] : search(inner, place);
  });
}

function faultAt(pointer: string, value: string): Finding {
  const allowed = pointer.startsWith('/mounts/')
    ? 'text without a NUL byte: mount field contains null byte'
    : 'text without a NUL byte';
  return finding({ code: 'nul-byte', pointer, value, allowed, section: 'config.md#valid-values' });
}
