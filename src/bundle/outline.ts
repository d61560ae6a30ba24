/**
 * Walks the outline of the schema along a pointer, and puts what a place allows into words.
 */

/** A schema without its descriptions: only the keywords that schemas/ uses. */
export interface OutlineNode {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, OutlineNode>>;
  readonly additionalProperties?: OutlineNode | boolean;
  readonly items?: OutlineNode;
  readonly definitions?: Readonly<Record<string, OutlineNode>>;
  readonly 'x-section'?: string;
  readonly 'x-allowed'?: string;
  /** What programs call anything else there. */
  readonly 'x-fault'?: string;
}

/** The place, and the section of the nearest place above it that names one. */
export function walkOutline(
  root: OutlineNode,
  names: readonly string[],
): { node: OutlineNode; section: string } {
  let node = root;
  let section = root['x-section'] ?? '';
  for (const name of names) {
    node = resolve(root, childOf(node, name));
    section = node['x-section'] ?? section;
  }
  return { node, section };
}

function childOf(node: OutlineNode, name: string): OutlineNode {
  if (node.items !== undefined) return node.items;
  const property = node.properties?.[name];
  if (property !== undefined) return property;
  return typeof node.additionalProperties === 'object' ? node.additionalProperties : {};
}

function resolve(root: OutlineNode, node: OutlineNode): OutlineNode {
  if (node.$ref === undefined) return node;
  const target = root.definitions?.[node.$ref.replace('#/definitions/', '')] ?? {};
  return { ...target, ...node };
}

const words: Readonly<Record<string, string>> = {
  string: 'a string',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

export function phraseOf(node: OutlineNode): string {
  if (node['x-allowed'] !== undefined) return node['x-allowed'];
  if (node.enum !== undefined) return `one of ${node.enum.map((word) => `"${word}"`).join(', ')}`;
  if (node.type === 'integer')
    return `an integer from ${whole(node.minimum)} to ${whole(node.maximum)}`;
  return words[node.type ?? ''] ?? 'another value';
}

/** A bound beyond 2^53 was rounded while reading; people know it by its power. */
function whole(bound: number | undefined): string {
  if (bound === undefined) return '…';
  if (Number.isSafeInteger(bound)) return String(bound);
  const power = Math.log2(Math.abs(bound));
  return bound < 0 ? `-2^${power}` : `2^${power} - 1`;
}
