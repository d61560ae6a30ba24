/**
 * A bundle on disk becomes a trusted value.
 *
 * After this nothing is `unknown` and nothing is checked twice. Every fault is reported at once: those of the schema, those of
 * the rules on whatever the schema left sound, and a root filesystem that is not there.
 */
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Finding, isRuntError, RuntError } from '../base/errors.ts';
import type { Trace } from '../base/trace.ts';
import type { Config } from './config.ts';
import { finding } from './finding.ts';
import { foldResourceNames } from './fold-names.ts';
import { parseJson } from './json.ts';
import { readText } from './read-file.ts';
import { applyRules } from './rules/index.ts';
import { checkConfigSchema } from './schema.ts';
import { soundPart } from './sound-part.ts';

export interface Bundle {
  /** Absolute path of the folder. */
  readonly path: string;
  readonly config: Config;
  /** config.json as it was read. */
  readonly text: string;
}

/** Fails with `bundle-missing`, `json-syntax` or, with every finding, `bundle-invalid`. */
export function loadBundle(folder: string, trace?: Trace): Bundle {
  const path = resolve(folder);
  trace?.enter('load');
  const { text, document } = readConfig(path);
  trace?.enter('validate');
  const { config, findings } = examine(document, path);
  if (config === undefined || findings.length > 0) {
    throw new RuntError('bundle-invalid', { path, findings });
  }
  return { path, config, text };
}

/** Every fault of the bundle; fails only with `bundle-missing` or `json-syntax`. */
export function examineBundle(folder: string): Finding[] {
  const path = resolve(folder);
  return examine(readConfig(path).document, path).findings;
}

function readConfig(path: string): { text: string; document: unknown } {
  const file = join(path, 'config.json');
  let text: string;
  try {
    text = readText(file);
  } catch (error) {
    const absent = isRuntError(error, 'system-call') && /^ENO(ENT|TDIR)$/.test(error.facts.errno);
    if (!absent) throw error;
    const what = isFolder(path) ? 'config' : 'folder';
    throw new RuntError('bundle-missing', { path, what }, { cause: error });
  }
  return { text, document: parseJson(text, file) };
}

/** `config` is what could be read of the document: all of it when there is no finding. */
function examine(document: unknown, bundle: string): { config?: Config; findings: Finding[] } {
  respell(document);
  const checked = checkConfigSchema(document);
  const faults = checked.sound ? [] : checked.findings;
  const config = checked.sound ? checked.value : soundPart(document, faults);
  if (config === undefined) return { findings: faults };
  const rootIsSound = !faults.some(({ pointer }) => pointer.startsWith('/root'));
  const missing = rootIsSound ? rootFaults(config, bundle) : [];
  return { config, findings: [...faults, ...applyRules(config), ...missing] };
}

function respell(document: unknown): void {
  if (typeof document !== 'object' || document === null) return;
  const linux: unknown = Reflect.get(document, 'linux');
  if (typeof linux === 'object' && linux !== null) foldResourceNames(linux);
}

function rootFaults({ root }: Config, bundle: string): Finding[] {
  // an empty path is a finding of its own, and would name the bundle here
  if (root.path === '' || isFolder(resolve(bundle, root.path))) return [];
  return [
    finding({
      code: 'root-missing',
      pointer: '/root/path',
      value: root.path,
      allowed: 'an existing folder, absolute or relative to the bundle',
      section: 'config.md#root',
    }),
  ];
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
