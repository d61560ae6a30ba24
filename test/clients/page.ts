/**
 * Runs a page of docs/use-with as its reader would: block after block, in the client's surroundings.
 *
 * - A block of `sh` is executed, and must succeed. A line for which there is a stand-in is that function's.
 * - A block of `text` is what the commands before it have printed, in this order among other lines; `…` stands for anything.
 * - A block in any other language is a file, named by the last `code` in the line before it.
 */
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { Ground } from './ground.ts';

export interface Block {
  /** The heading above. */
  readonly section: string;
  readonly language: string;
  readonly text: string;
  /** Of a file: its path. */
  readonly file?: string;
}

export interface PageOptions {
  /** Sections that are another case's, or another version's. */
  readonly leaveOut?: readonly string[];
  /** What a line does that cannot be done here as it stands, such as restarting a service; its output. `cwd` is where the page's files are. */
  readonly standIn?: (line: string, cwd: string) => (() => Promise<string>) | undefined;
  /** What has to be another text on this ground. */
  readonly amend?: (text: string, block: Block) => string;
  readonly env?: Readonly<Record<string, string>>;
  /** What is printed has the page's name of the runtime, which a configuration gives to the control, too. */
  readonly keepsName?: boolean;
}

const pages = resolve(import.meta.dirname, '../../docs/use-with');

export const blocksOfPage = (page: string): readonly Block[] =>
  blocksOf(readFileSync(join(pages, `${page}.md`), 'utf8'));

export function blocksOf(markdown: string): readonly Block[] {
  const blocks: Block[] = [];
  let section = '';
  let before = '';
  let open: { language: string; lines: string[] } | undefined;
  for (const line of markdown.split('\n')) {
    const [, fence] = /^```(.*)$/.exec(line) ?? [];
    if (fence !== undefined && open === undefined) open = { language: fence.trim(), lines: [] };
    else if (fence !== undefined && open !== undefined) {
      blocks.push(blockOf(section, before, open.language, `${open.lines.join('\n')}\n`));
      open = undefined;
    } else if (open !== undefined) open.lines.push(line);
    else if (line.startsWith('#')) section = line.replace(/^#+ /, '');
    else if (line.startsWith('    ')) throw new Error(`a block without a fence: ${line}`);
    else if (line !== '') before = line;
  }
  return blocks;
}

function blockOf(section: string, before: string, language: string, text: string): Block {
  if (language === 'sh' || language === 'text') return { section, language, text };
  const file = [...before.matchAll(/`([^`]+)`/g)].at(-1)?.[1];
  if (file === undefined)
    throw new Error(`which file is the block of "${section}" in ${language}? "${before}"`);
  return { section, language, text, file };
}

export async function runPage(
  ground: Ground,
  page: string,
  options: PageOptions = {},
): Promise<void> {
  const { leaveOut = [], amend = (text) => text, keepsName = false } = options;
  const name = keepsName ? 'runt' : ground.runtime.name;
  const blocks = blocksOfPage(page);
  for (const heading of leaveOut)
    if (blocks.every(({ section }) => section !== heading))
      throw new Error(`${page}.md has no section ${heading}`);
  install(ground);
  const cwd = join(ground.folder, `page-${page}`);
  mkdirSync(cwd);
  let printed = '';
  for (const block of blocks) {
    if (leaveOut.includes(block.section)) continue;
    const text = amend(block.text, block);
    if (block.file !== undefined) {
      const file = isAbsolute(block.file) ? block.file : join(cwd, block.file);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    } else if (block.language === 'text') expectPrinted(name, block.section, text, printed);
    // oxlint-disable-next-line no-await-in-loop -- a page is read from top to bottom
    else printed = await execute(ground, text, cwd, options);
  }
}

/** The page takes for granted that runt is installed; the control stands in its place. */
function install({ runtime }: Ground): void {
  mkdirSync('/usr/local/bin', { recursive: true });
  rmSync('/usr/local/bin/runt', { force: true });
  symlinkSync(runtime.path, '/usr/local/bin/runt');
}

/** Commands one after the other: those between two stand-ins are one script. */
async function execute(
  ground: Ground,
  text: string,
  cwd: string,
  { standIn = () => undefined, env }: PageOptions,
): Promise<string> {
  let output = '';
  let script = '';
  const flush = async (): Promise<void> => {
    if (script.trim() === '') return;
    const options = { cwd, ...(env !== undefined && { env }) };
    output += (await ground.ok(['sh', '-euc', script], options)).stdout;
    script = '';
  };
  for (const line of text.split('\n')) {
    const instead = standIn(line, cwd);
    if (instead === undefined) script += `${line}\n`;
    else {
      // oxlint-disable-next-line no-await-in-loop -- in the page's order
      await flush();
      // oxlint-disable-next-line no-await-in-loop -- in the page's order
      output += await instead();
    }
  }
  await flush();
  return output;
}

function expectPrinted(
  name: 'runt' | 'runc',
  section: string,
  expected: string,
  printed: string,
): void {
  const lines = printed.split('\n');
  let at = 0;
  for (const wanted of expected.trimEnd().split('\n')) {
    const pattern = patternOf(wanted, name);
    const found = lines.slice(at).findIndex((line) => pattern.test(line.trimEnd()));
    if (found === -1) throw new Error(`${section}: not printed: ${wanted}\nbut:\n${printed}`);
    at += found + 1;
  }
}

function patternOf(line: string, runtime: 'runt' | 'runc'): RegExp {
  const escaped = line.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll('…', '.*').replaceAll(/\brunt\b/g, runtime)}$`);
}
