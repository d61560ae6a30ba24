/**
 * The imports of every file in src/, as they are written.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../../src/', import.meta.url));

export interface SourceImport {
  /** Path below src/, such as `plan/mounts.ts`. */
  readonly from: string;
  /** Path below src/ for a file of ours, else the module's name. */
  readonly to: string;
  readonly ours: boolean;
  /** Nothing of it is there when the program runs. */
  readonly typeOnly: boolean;
}

export function sourceFiles(): string[] {
  return readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .toSorted();
}

export const sourceText = (path: string): string => readFileSync(join(source, path), 'utf8');

const statement = /^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm;
const dynamic = /\bimport\(\s*'([^']+)'\s*\)/g;

export function importsOf(path: string): SourceImport[] {
  const text = sourceText(path);
  const entry = (module: string, typeOnly: boolean): SourceImport => {
    const ours = module.startsWith('.');
    const to = ours ? relative(source, join(source, dirname(path), module)) : module;
    return { from: path, to, ours, typeOnly };
  };
  return [
    ...[...text.matchAll(statement)].map(([, type, module = '']) =>
      entry(module, type !== undefined),
    ),
    ...[...text.matchAll(dynamic)].map(([, module = '']) => entry(module, false)),
  ];
}
