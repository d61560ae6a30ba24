/**
 * Checks a document against the schema and says in words what is wrong.
 *
 * The checks are code that ajv wrote at build time. Only when they find something is the outline of the schema read, which
 * knows the ranges, the names and the sections. One place gives one finding: the first keyword that it breaks.
 */
import type { Finding } from '../base/errors.ts';
import type { Config, Process } from './config.ts';
import { below, finding, namesOf } from './finding.ts';
import { outline } from './generated/outline.ts';
import { type Check, checkConfig, checkProcess, type SchemaFault } from './generated/validate.ts';
import { type OutlineNode, phraseOf, walkOutline } from './outline.ts';

/** A document of the promised types, or what keeps it from being one. */
export type Checked<T> =
  | { readonly sound: true; readonly value: T }
  | { readonly sound: false; readonly findings: Finding[] };

export function checkConfigSchema(document: unknown): Checked<Config> {
  return check(checkConfig, document, '');
}

/** `document` is a process alone, as `exec --process` reads it. */
export function checkProcessSchema(document: unknown): Checked<Process> {
  return check(checkProcess, document, '/process');
}

/** `place` is where the document would stand in config.json. */
function check<T>(run: Check<T>, document: unknown, place: string): Checked<T> {
  if (run(document)) return { sound: true, value: document };
  const root: OutlineNode = JSON.parse(outline);
  const findings = new Map<string, Finding>();
  for (const fault of run.errors ?? []) {
    const found = findingOf(fault, document, root, place);
    if (!findings.has(found.pointer)) findings.set(found.pointer, found);
  }
  return { sound: false, findings: [...findings.values()] };
}

function findingOf(
  fault: SchemaFault,
  document: unknown,
  root: OutlineNode,
  place: string,
): Finding {
  const { keyword, name } = fault;
  const pointer = name === undefined ? fault.instancePath : below(fault.instancePath, name);
  // where no such name may be, the words belong to the object that holds it
  const explained = keyword === 'additionalProperties' ? fault.instancePath : pointer;
  const { node, section } = walkOutline(root, namesOf(place + explained));
  const words = keyword === 'required' ? 'required' : phraseOf(node);
  const called = node['x-fault'];
  const allowed = called === undefined ? words : `${words}: ${called}`;
  return finding({
    code: `schema/${keyword}`,
    pointer,
    value: valueAt(document, pointer),
    allowed,
    section,
  });
}

function valueAt(document: unknown, pointer: string): unknown {
  let value = document;
  for (const name of namesOf(pointer)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name))
      return undefined;
    value = Reflect.get(value, name);
  }
  return value;
}
