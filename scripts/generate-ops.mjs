/**
 * native/ops.def → src/plan/generated/ops.ts (types and the encoder's table) and docs/operations.md. Words: [FOLDER].
 *
 * The C side includes the same file as X-macros, so the two languages cannot drift apart.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// a test asks for them in another folder, and compares
const folder = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url));
const at = (path) => join(folder, path);
const types = {
  u: ['number', 'unsigned 32 bits'],
  q: ['bigint', 'unsigned 64 bits'],
  s: ['string', 'string'],
  l: ['readonly string[]', 'list of strings'],
  n: ['Numbers', 'list of numbers'],
  f: ['Slot', 'slot that holds a descriptor'],
  o: ['Slot', 'slot that receives one'],
};

function parse(text) {
  const operations = [];
  let chapter = '';
  for (const line of text.split('\n')) {
    const heading = /^\/\* (.*) \*\/$/.exec(line);
    if (heading) chapter = heading[1];
    const row = /^OP\((\d+), (\w+), "([^"]*)", "((?:[^"\\]|\\.)*)"\)$/.exec(line);
    if (!row) {
      if (line.startsWith('OP(')) throw new Error(`ops.def: cannot read: ${line}`);
      continue;
    }
    const args = row[3]
      .split(' ')
      .filter(Boolean)
      .map((pair) => pair.split(':'));
    for (const [name, type] of args)
      if (!types[type]) throw new Error(`ops.def: ${row[2]}.${name}: type ${type}`);
    operations.push({
      number: Number(row[1]),
      name: row[2],
      args,
      what: row[4].replaceAll('\\"', '"'),
      chapter,
    });
  }
  for (const key of ['number', 'name'])
    if (new Set(operations.map((op) => op[key])).size !== operations.length)
      throw new Error(`ops.def: a ${key} stands twice`);
  return operations;
}

const typescript = (operations) => `// Made by scripts/generate-ops.mjs from native/ops.def.
/** Number of a descriptor register of the interpreter. */
export type Slot = number;
/** A list of numbers of 32 bits. */
export type Numbers = readonly number[] | Uint32Array;

${operations
  .map(
    (op) => `/** ${op.what} */
export interface ${op.name[0].toUpperCase()}${op.name.slice(1)}Op {
  readonly kind: '${op.name}';
${op.args.map(([name, type]) => `  readonly ${name}: ${types[type][0]};\n`).join('')}}
`,
  )
  .join('\n')}
export type Op =
${operations.map((op) => `  | ${op.name[0].toUpperCase()}${op.name.slice(1)}Op`).join('\n')};

export type OpKind = Op['kind'];
export type ArgumentType = ${Object.keys(types)
  .map((t) => `'${t}'`)
  .join(' | ')};

/** Number and arguments of each operation, in the order of the wire. A text: an engine reads it faster than it makes the objects. */
export const opTable: { readonly [K in OpKind]: { readonly number: number; readonly args: readonly (readonly [string, ArgumentType])[] } } = JSON.parse(\`{
${operations.map((op) => `  "${op.name}": { "number": ${op.number}, "args": ${JSON.stringify(op.args)} }`).join(',\n')}
}\`);
`;

const markdown = (operations) => `# Operations

Made by \`npm run build\` from \`native/ops.def\`: what a plan can consist of. \`runt plan BUNDLE\` prints one.
Each is one function of \`native/init/\`; a failure is reported as {step, operation, errno}.
${[...new Set(operations.map((op) => op.chapter))]
  .map(
    (chapter) => `
## ${chapter[0].toUpperCase()}${chapter.slice(1)}

| no. | operation | arguments | what it does |
| --- | --- | --- | --- |
${operations
  .filter((op) => op.chapter === chapter)
  .map(
    (op) =>
      `| ${op.number} | ${op.name} | ${op.args.map(([name, type]) => `${name} (${types[type][1]})`).join(', ')} | ${op.what.replaceAll('|', '\\|')} |`,
  )
  .join('\n')}`,
  )
  .join('\n')}
`;

const operations = parse(readFileSync(new URL('../native/ops.def', import.meta.url), 'utf8'));
for (const [path, text] of [
  ['src/plan/generated/ops.ts', typescript(operations)],
  ['docs/operations.md', markdown(operations)],
]) {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), text);
}
