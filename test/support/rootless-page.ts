/**
 * docs/rootless.md as the tests read it: its commands, and what they print.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const page = readFileSync(join(import.meta.dirname, '../../docs/rootless.md'), 'utf8');

/** The code blocks of a section: commands, and what they print. */
export function sectionOf(title: string): { readonly sh: string; readonly text: string }[] {
  const section = page.split(/^## /m).find((part) => part.startsWith(`${title}\n`)) ?? '';
  const blocks = [...section.matchAll(/^```sh\n(.*?)^```\n(?:\n```text\n(.*?)^```)?/gms)];
  return blocks.map(([, sh = '', text = '']) => ({ sh, text }));
}
