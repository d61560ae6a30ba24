/**
 * Reads the limits of `update --resources`: the object that config.json calls `linux.resources`, in a file of its own or on
 * standard input.
 */
import { readSync } from 'node:fs';
import { resolve } from 'node:path';
import { RuntError } from '../base/errors.ts';
import type { Resources } from './config.ts';
import { foldResourceNames } from './fold-names.ts';
import { parseJson } from './json.ts';
import { readText } from './read-file.ts';
import { resources as resourceRules } from './rules/resources.ts';
import { checkConfigSchema } from './schema.ts';

/** `-` is standard input. Fails with `system-call`, `json-syntax` or `bundle-invalid`. */
export function loadResources(file: string): Resources {
  const path = file === '-' ? 'standard input' : resolve(file);
  const document = parseJson(file === '-' ? readInput() : readText(path), path);
  return checkResources(document, path);
}

/** `path` is only for the error. */
export function checkResources(document: unknown, path: string): Resources {
  const linux = { resources: document };
  foldResourceNames(linux);
  const checked = checkConfigSchema({ ociVersion: '1.3.0', root: { path: '/' }, linux });
  const findings = checked.sound ? resourceRules(checked.value, 'change') : checked.findings;
  if (!checked.sound || findings.length > 0)
    throw new RuntError('bundle-invalid', { path, findings });
  return checked.value.linux?.resources ?? {};
}

function readInput(): string {
  const chunks: Uint8Array[] = [];
  try {
    for (;;) {
      const chunk = new Uint8Array(16_384);
      const size = readSync(0, chunk);
      if (size === 0) return Buffer.concat(chunks).toString('utf8');
      chunks.push(chunk.subarray(0, size));
    }
  } catch (cause) {
    const errno = cause instanceof Error && 'code' in cause ? String(cause.code) : 'EIO';
    throw new RuntError('system-call', { doing: 'read standard input', errno }, { cause });
  }
}
