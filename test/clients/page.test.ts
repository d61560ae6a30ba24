/** The pages of docs/use-with: each is run by a client, and nothing in them is left unread. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { blocksOf, blocksOfPage } from './page.ts';

const docs = resolve(import.meta.dirname, '../../docs/use-with');
const pages = readdirSync(docs).map((name) => name.replace(/\.md$/, ''));

describe('a page', () => {
  it.each(pages)('%s has blocks, and a client that runs them', (page) => {
    expect(blocksOfPage(page).length).toBeGreaterThan(0);
    const sources = readdirSync(import.meta.dirname).map((name) =>
      name.endsWith('.ts') ? readFileSync(join(import.meta.dirname, name), 'utf8') : '',
    );
    expect(sources.some((text) => text.includes(`runPage(ground, '${page}'`))).toBe(true);
  });

  it('is commands, what they print, and files by name', () => {
    const text =
      '# One\n\n```sh\nls\n```\n\n```text\na\n```\n\n## Two\n\nPut in `/etc/x`:\n\n```ini\na=1\n```\n';
    expect(blocksOf(text)).toEqual([
      { section: 'One', language: 'sh', text: 'ls\n' },
      { section: 'One', language: 'text', text: 'a\n' },
      { section: 'Two', language: 'ini', text: 'a=1\n', file: '/etc/x' },
    ]);
  });

  it('may not have a block that nobody would run', () => {
    expect(() => blocksOf('Do:\n\n    ls\n')).toThrow('without a fence');
    expect(() => blocksOf('So:\n\n```toml\na = 1\n```\n')).toThrow('which file');
  });
});
