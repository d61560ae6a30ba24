/**
 * Reads the process of `exec --process`: the object that config.json calls `process`, in a file of its own.
 */
import { resolve } from 'node:path';
import { RuntError } from '../base/errors.ts';
import type { Process } from './config.ts';
import { parseJson } from './json.ts';
import { readText } from './read-file.ts';
import { applyProcessRules } from './rules/index.ts';
import { checkProcessSchema } from './schema.ts';

/** Fails with `system-call`, `json-syntax` or `bundle-invalid`, whose pointers start at the process. */
export function loadProcess(file: string): Process {
  const path = resolve(file);
  const checked = checkProcessSchema(parseJson(readText(path), path));
  if (!checked.sound) throw new RuntError('bundle-invalid', { path, findings: checked.findings });
  const findings = applyProcessRules(checked.value);
  if (findings.length > 0) throw new RuntError('bundle-invalid', { path, findings });
  return checked.value;
}
