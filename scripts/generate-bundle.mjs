/**
 * Turns schemas/ into src/bundle/generated/, so that nothing is compiled when a container starts.
 *
 * Out: `validate.ts`, ajv's validators as plain code without an import; `outline.ts`, the schema without its prose, from which a
 * finding takes its words; and the TypeScript types of each document. TypeScript files, so that no build step has to copy them.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import { compile } from 'json-schema-to-typescript';

const schemas = new URL('../schemas/', import.meta.url);
const generated = new URL('../src/bundle/generated/', import.meta.url);

/** @typedef {{ [key: string]: any }} Schema */

/** @param {string} name @returns {Schema} */
function read(name) {
  return JSON.parse(readFileSync(new URL(`${name}.json`, schemas), 'utf8'));
}

/** @param {string} name @param {string} job @param {string} body */
function write(name, job, body) {
  const header = `/** ${job} Written by scripts/generate-bundle.mjs from schemas/; do not edit. */\n`;
  writeFileSync(new URL(`${name}.ts`, generated), header + body);
}

/** The same schema after `change` was applied to every object in it, from the leaves up.
 * @param {any} value @param {(object: Schema) => Schema} change @returns {any} */
function rewrite(value, change) {
  if (Array.isArray(value)) return value.map((item) => rewrite(item, change));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, rewrite(inner, change)]);
  return change(Object.fromEntries(entries));
}

/** @param {Schema} config */
function validator(config) {
  const ajv = new Ajv({
    allErrors: true,
    // words come from outline.ts, and only when there is something to say
    messages: false,
    // lengths in UTF-16 units need no helper of ajv at run time; the option is deprecated, which the logger would tell
    unicode: false,
    logger: false,
    strictTypes: true,
    inlineRefs: false,
    keywords: ['x-section', 'x-allowed', 'x-fault'],
    code: { source: true, esm: true, optimize: 2 },
  });
  ajv.addSchema(withoutProse(config));
  const code = standalone.default(ajv, {
    checkConfig: 'config.json',
    checkProcess: 'config.json#/definitions/Process',
  });
  if (/\brequire\(|\bimport\b/.test(code)) throw new Error('the validator needs a helper of ajv');
  return `// @ts-nocheck: ajv writes JavaScript
import type { Config, Process } from './config.ts';
export interface SchemaFault {
  readonly instancePath: string;
  readonly keyword: string;
  /** The name in question, when a property is missing or one too many. */
  readonly name: string | undefined;
}
export interface Check<T> {
  (document: unknown): document is T;
  errors: readonly SchemaFault[] | null;
}
function add(faults, instancePath, keyword, name) {
  const fault = { instancePath, keyword, name };
  if (faults === null) return [fault];
  faults.push(fault);
  return faults;
}
${smaller(code)}
`;
}

/** ajv's code with its faults made by one function, and without the copies of the schema: less than half is left. @param {string} code */
function smaller(code) {
  const fault =
    /const (err\d+) = \{instancePath(:[^{}]*?)?,schemaPath:"[^"]*",keyword:"(\w+)",params:\{(.*?)\}\};if\(vErrors === null\)\{vErrors = \[\1\];\}else \{vErrors\.push\(\1\);\}errors\+\+;/g;
  const called = code.replace(fault, (_all, _name, path, keyword, params) => {
    const name = /^(?:missing|additional)Property: ?(.*)$/.exec(params)?.[1];
    const where = path === undefined ? 'instancePath' : path.slice(1);
    return `vErrors = add(vErrors,${where},"${keyword}"${name === undefined ? '' : `,${name}`});errors++;\n`;
  });
  if (called.includes('schemaPath')) throw new Error('ajv writes its faults in a new form');
  return (
    called
      .replace(/^"use strict";/, '')
      .replace(/const (schema\d+) = \{.*?\};(?=const |function |export |\n|$)/g, (text, name) =>
        called.includes(`${name}.`) ? text : '',
      )
      .replace(/export const (\w+) = (\w+);/g, 'export const $1: Check<$1> = $2;\n')
      .replaceAll('Check<checkConfig>', 'Check<Config>')
      .replaceAll('Check<checkProcess>', 'Check<Process>')
      // the parent of a value is for keywords that no schema here uses
      .replace(
        /\{instancePath="", parentData, parentDataProperty, rootData=data\}=\{\}/g,
        'instancePath=""',
      )
      .replace(/\{instancePath:([^{}]*?),parentData:[^{}]*?,rootData\}/g, '$1')
      .replaceAll('function validate', '\nfunction validate')
  );
}

const prose = new Set(['description', 'title', '$schema']);

/** A schema without the parts that only people read. @param {Schema} schema */
function withoutProse(schema) {
  // a property may itself be called "title", and is then an object
  const isProse = ([key, value]) => prose.has(key) && typeof value === 'string';
  return rewrite(schema, (object) =>
    Object.fromEntries(Object.entries(object).filter((entry) => !isProse(entry))),
  );
}

/** Types: a reference becomes the name of its type, for the compiler would copy a referenced object that has a description.
 * @param {Schema} schema */
async function typesOf(schema) {
  const definitions = schema.definitions ?? {};
  const isNumber = (/** @type {string} */ name) => definitions[name]?.type === 'integer';
  const named = rewrite(schema, (object) => {
    if (typeof object.$ref !== 'string') return object;
    const name = object.$ref.replace('#/definitions/', '');
    return { description: object.description, tsType: isNumber(name) ? 'number' : name };
  });
  delete named.if;
  delete named.then;
  for (const name of Object.keys(definitions)) {
    if (isNumber(name)) delete named.definitions[name];
  }
  const types = await compile(named, schema.title, {
    additionalProperties: false,
    bannerComment: '',
    format: false,
    ignoreMinAndMaxItems: true,
    unreachableDefinitions: true,
  });
  return types.replace(/ \* \n \* This interface was referenced by .*\n \* via the .*\n/g, '');
}

mkdirSync(generated, { recursive: true });
const config = read('config');
write('validate', 'The checks of config.json and of a process alone.', validator(config));
write(
  'outline',
  'The schema of config.json as text, without its descriptions.',
  `export const outline: string = ${JSON.stringify(JSON.stringify(withoutProse(config)))};\n`,
);
for (const name of ['config', 'state', 'features']) {
  write(name, `The types of ${name}.json.`, await typesOf(read(name)));
}
