/** Completion, by the shells themselves. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandTable } from '../../src/cli/command-table.ts';
import { cli } from '../support/run-cli.ts';

let folder = '';
let path = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'runt-completion-'));
  // answers `list -q`, and says for which root
  const program = `#!/bin/sh
case "$*" in "list -q") echo web-1; echo web-2; echo db ;; "--root /other list -q") echo other-1 ;; esac`;
  writeFileSync(join(folder, 'runt'), program);
  chmodSync(join(folder, 'runt'), 0o755);
  mkdirSync(join(folder, 'some-bundle'));
  writeFileSync(join(folder, 'some-file'), '');
  for (const shell of ['bash', 'fish', 'zsh'])
    writeFileSync(join(folder, shell), (await cli(['completion', shell])).stdout);
  path = `${folder}${delimiter}${process.env['PATH'] ?? ''}`;
});
afterAll(() => rmSync(folder, { recursive: true }));

const has = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0;

/** The words up to the cursor; the last one is being written. */
const cases: readonly (readonly [words: readonly string[], candidates: readonly string[]])[] = [
  [['cre'], ['create']],
  [['st'], ['start', 'state']],
  [
    ['kill', 'we'],
    ['web-1', 'web-2'],
  ],
  [['--root', '/other', 'delete', ''], ['other-1']],
  [['run', '--pre'], ['--preserve-fds']],
  [['--log-format', 'js'], ['json']],
  [['list', '-f', 'ta'], ['table']],
  [
    ['completion', ''],
    ['bash', 'fish', 'zsh'],
  ],
];

const dequoted = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.split('\t')[0] ?? '')
    .filter((word) => word !== '')
    .toSorted();

describe('bash', () => {
  const complete = (words: readonly string[]) =>
    dequoted(
      execFileSync(
        'bash',
        [
          '--norc',
          '-c',
          `source bash; compopt() { :; }; COMP_WORDS=(runt "$@"); COMP_CWORD=$#; _runt; printf '%s\\n' "\${COMPREPLY[@]}"`,
          'bash',
          ...words,
        ],
        { encoding: 'utf8', cwd: folder, env: { PATH: path } },
      ),
    );

  it.each(cases)('%j', (words, candidates) => {
    expect(complete(words)).toEqual(candidates);
  });

  it('knows every command', () => {
    for (const name of Object.keys(commandTable)) expect(complete([name])).toContain(name);
  });

  it('completes files and folders where they belong', () => {
    expect(complete(['create', '-b', 'some'])).toEqual(['some-bundle']);
    expect(complete(['create', '--pid-file', 'some'])).toEqual(['some-bundle', 'some-file']);
  });

  it('leaves what follows the id to the command in the container', () => {
    expect(complete(['exec', 'web-1', '-'])).toEqual([]);
  });
});

describe.runIf(has('fish'))('fish', () => {
  it.each(cases)('%j', (words, candidates) => {
    const line = ['runt', ...words].join(' ');
    const out = execFileSync('fish', ['-N', '-c', `source fish; complete -C '${line}'`], {
      encoding: 'utf8',
      cwd: folder,
      env: { PATH: path, HOME: folder },
    });
    expect(dequoted(out)).toEqual(candidates);
  });
});

describe.runIf(has('zsh'))('zsh', () => {
  it('takes the script', () => {
    const script = 'autoload -Uz compinit; compinit -u -D; source zsh; print $_comps[runt]';
    const out = execFileSync('zsh', ['-f', '-c', script], {
      encoding: 'utf8',
      cwd: folder,
      env: { PATH: path, HOME: folder },
    });
    expect(out).toBe('_runt\n');
  });
});

it('is for shells that it knows', async () => {
  for (const words of [[], ['tcsh'], ['bash', 'zsh']]) {
    const { message, status, stdout } = await cli(['completion', ...words]);
    expect({ message, status, stdout }).toEqual({
      message: 'completion takes one shell: bash, zsh, fish',
      status: 1,
      stdout: '',
    });
  }
});

it('is for the name that the program was called by', async () => {
  const { stdout } = await cli(['completion', 'bash'], {}, { invokedAs: '/usr/bin/runc' });
  expect(stdout).toContain('complete -F _runc runc\n');
});
