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
  let text = new Uint8Array(16_384);
  try {
    for (let used = 0; ;) {
      const size = readSync(0, text, used, text.length - used, null);
      if (size === 0) return new TextDecoder().decode(text.subarray(0, used));
      used += size;
      if (used < text.length) continue;
      const larger = new Uint8Array(2 * used);
      larger.set(text);
      text = larger;
    }
  } catch (cause) {
    const errno = cause instanceof Error && 'code' in cause ? String(cause.code) : 'EIO';
    throw new RuntError('system-call', { doing: 'read standard input', errno }, { cause });
  }
}
