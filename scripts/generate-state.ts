/**
 * src/state/record-schema.ts (zod) → src/state/generated/check-record.ts: plain code that no library has to be loaded for.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import * as z from 'zod';
import { detailsSchema, outlineSchema } from '../src/state/record-schema.ts';

const ajv = new Ajv({
  strict: false,
  unicode: false,
  logger: false,
  code: { source: true, esm: true, optimize: 2 },
});
for (const [name, zod] of Object.entries({ outline: outlineSchema, details: detailsSchema })) {
  const { $schema: _, ...schema } = z.toJSONSchema(zod, { io: 'input' });
  ajv.addSchema(schema, name);
}
const code = standalone.default(ajv, { checkOutline: 'outline', checkDetails: 'details' });
if (/\brequire\(|\bimport\b/.test(code)) throw new Error('the validator needs a helper of ajv');

const folder = fileURLToPath(new URL('../src/state/generated/', import.meta.url));
mkdirSync(folder, { recursive: true });
writeFileSync(
  `${folder}check-record.ts`,
  `// @ts-nocheck: ajv writes JavaScript
/** Whether a value is a line of a container's record. Written by scripts/generate-state.ts; do not edit. */
import type { ContainerDetails, ContainerOutline } from '../record.ts';
export interface Faults {
  errors: readonly { readonly instancePath: string; readonly message?: string }[] | null;
}
interface Check<Line> extends Faults {
  (value: unknown): value is Line;
}
${code
  .replace('"use strict";', '')
  .replace('export const checkOutline = ', 'export const checkOutline: Check<ContainerOutline> = ')
  .replace('export const checkDetails = ', 'export const checkDetails: Check<ContainerDetails> = ')}
`,
);
