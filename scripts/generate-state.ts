/**
 * src/state/record-schema.ts (zod) → src/state/generated/check-record.ts: plain code that no library has to be loaded for.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import * as z from 'zod';
import { recordSchema } from '../src/state/record-schema.ts';

const ajv = new Ajv({
  strict: false,
  unicode: false,
  logger: false,
  code: { source: true, esm: true, optimize: 2 },
});
const { $schema: _, ...schema } = z.toJSONSchema(recordSchema, { io: 'input' });
ajv.addSchema(schema, 'record');
const code = standalone.default(ajv, { check: 'record' });
if (/\brequire\(|\bimport\b/.test(code)) throw new Error('the validator needs a helper of ajv');

const folder = fileURLToPath(new URL('../src/state/generated/', import.meta.url));
mkdirSync(folder, { recursive: true });
writeFileSync(
  `${folder}check-record.ts`,
  `// @ts-nocheck: ajv writes JavaScript
/** Whether a value is a container's record. Written by scripts/generate-state.ts; do not edit. */
import type { ContainerRecord } from '../record.ts';
interface Check {
  (value: unknown): value is ContainerRecord;
  errors: readonly { readonly instancePath: string; readonly message?: string }[] | null;
}
${code.replace('"use strict";', '').replace('export const check = ', 'export const checkRecord: Check = ')}
`,
);
