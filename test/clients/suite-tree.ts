/**
 * The tree of another Debian release with the clients' packages: made by mmdebstrap once, and kept by what it is made of.
 *
 * Nothing is ever written to it: `enter` puts a copy-on-write layer above.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { atEnd } from '../vm/at-end.ts';
import type { Suite } from './client.ts';

/** To be counted up when the recipe changes in another way than by its words. */
const recipe = 1;
const keptDays = 30;
const hooks: readonly string[] = [
  'rm -rf "$1"/usr/share/doc "$1"/usr/share/man "$1"/var/cache/apt/* "$1"/var/lib/apt/lists/*',
];
/** What `enter` and the ground use, and runt loads. */
const always: readonly string[] = ['runc', 'libseccomp2', 'libsystemd0', 'iproute2', 'procps'];
/** A release that is still being made: its files are dated for days. */
const options: readonly string[] = ['--aptopt=Acquire::Check-Valid-Until "false"'];

/** Makes what is not there yet. */
export function suiteTree(
  suite: Suite,
  packages: readonly string[],
  say: (line: string) => void,
): string {
  const { RUNT_CLIENTS_CACHE, XDG_CACHE_HOME } = process.env;
  const cache =
    RUNT_CLIENTS_CACHE ?? join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'runt/clients');
  const all = [...new Set([...always, ...packages])].toSorted();
  const made = JSON.stringify([recipe, suite, all, options, hooks]);
  const hash = createHash('sha256').update(made).digest('hex').slice(0, 16);
  const folder = join(cache, `${suite}-${hash}`);
  mkdirSync(cache, { recursive: true });
  if (!existsSync(folder)) {
    say(`making a tree of Debian ${suite}; it is kept in ${folder}`);
    makeTree(suite, all, folder);
    forgetOld(cache);
  }
  utimesSync(folder, new Date(), new Date());
  return folder;
}

function makeTree(suite: Suite, packages: readonly string[], folder: string): void {
  const work = mkdtempSync(`${folder}.`);
  const undo = atEnd(() => rmSync(work, { recursive: true, force: true }));
  try {
    const tree = join(work, 'tree');
    const words = [
      '--quiet',
      '--mode=root',
      '--variant=minbase',
      `--include=${packages.join(',')}`,
      ...options,
      ...hooks.map((hook) => `--customize-hook=${hook}`),
      suite,
      tree,
    ];
    // what it prints is of interest when it fails, and is in the error then
    execFileSync('mmdebstrap', words, { stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 2 ** 26 });
    // somebody else may have made the same one meanwhile
    if (!existsSync(folder)) renameSync(tree, folder);
  } finally {
    undo();
  }
}

/** Trees that nobody has used for a month, and what a killed maker has left. */
function forgetOld(cache: string): void {
  const limit = Date.now() - keptDays * 24 * 3600 * 1000;
  for (const name of readdirSync(cache)) {
    const path = join(cache, name);
    if (statSync(path).mtimeMs < limit) rmSync(path, { recursive: true, force: true });
  }
}
