/**
 * Reads JSON text; a fault says where it is, whichever engine runs us.
 *
 * A property that is null counts as absent, as it does in Go: tools that edit a bundle set a section to null to remove it.
 */
import { RuntError } from '../base/errors.ts';
import { findJsonFault } from './json-fault.ts';

/** `path` is only for the error. */
export function parseJson(text: string, path: string): unknown {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    const { offset, reason } = findJsonFault(text);
    throw new RuntError('json-syntax', { path, ...place(text, offset), reason }, { cause });
  }
  if (text.includes('null')) removeNulls(document);
  return document;
}

function place(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const start = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - start + 1 };
}

/** Works without recursion, for the depth of the document is the author's. */
function removeNulls(document: unknown): void {
  const waiting = [document];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value !== 'object' || value === null) continue;
    for (const [name, inner] of Object.entries(value)) {
      // an element of a list keeps its place, and is a fault for the schema
      if (inner === null && !Array.isArray(value)) Reflect.deleteProperty(value, name);
      else waiting.push(inner);
    }
  }
}
