/**
 * Every command and option as plain data, read off the records: what completion and man pages are made of.
 */
import { commandTable, isCommandName, ownWords } from './command-table.ts';
import { globalOptions } from './global-options.ts';
import { longName } from './option.ts';
import type { OptionTable } from './option.ts';

export interface OptionEntry {
  /** Without dashes. */
  readonly name: string;
  readonly short?: string;
  readonly about: string;
  /** What help calls its value; absent in a flag. */
  readonly value?: string;
}

export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly usage: string;
  readonly description: string;
  readonly options: readonly OptionEntry[];
}

export interface Reference {
  readonly options: readonly OptionEntry[];
  readonly commands: readonly CommandEntry[];
}

export async function loadReference(): Promise<Reference> {
  const commands: CommandEntry[] = [...ownEntries];
  for (const name of Object.keys(commandTable).filter(isCommandName)) {
    const { summary, load } = commandTable[name];
    const { usage, description, options } = await load();
    const entries = entriesOf({ ...options, help: globalOptions.help });
    commands.push({ name, summary, usage, description, options: entries });
  }
  return {
    options: entriesOf(globalOptions),
    commands: commands.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

export const isShell = (word: string): word is Shell => shells.some((shell) => shell === word);

const ownEntries: readonly CommandEntry[] = [
  {
    name: 'help',
    summary: ownWords.help,
    usage: '[command]',
    description: 'Prints the help of a command, or of the program.',
    options: [],
  },
  {
    name: 'completion',
    summary: ownWords.completion,
    usage: `<${shells.join('|')}>`,
    description:
      'Prints a script for the shell. For the session: source <(runt completion bash). To keep it,\n' +
      "put it where the shell looks: /etc/bash_completion.d/runt, a file _runt in a folder of zsh's\n" +
      'fpath, or ~/.config/fish/completions/runt.fish.',
    options: [],
  },
];

function entriesOf(table: OptionTable): OptionEntry[] {
  return Object.entries(table).flatMap(([key, { short, about, value, hidden }]) =>
    hidden === true
      ? []
      : [
          {
            name: longName(key),
            about,
            ...(short !== undefined && { short }),
            ...(value !== undefined && { value }),
          },
        ],
  );
}

/** What may stand in a place. */
export type Candidates =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'files' | 'folders' | 'containers' | 'commands' | 'anything' };

export function valueCandidates({ name, value = '' }: OptionEntry): Candidates {
  if (value.includes('|')) return { kind: 'words', words: value.split('|') };
  if (name === 'bundle' || name === 'root') return { kind: 'folders' };
  if (value === 'path' || name === 'log') return { kind: 'files' };
  return { kind: 'anything' };
}

/** Of the first positional argument. */
export function firstCandidates({ usage }: CommandEntry): Candidates {
  const [first = ''] = usage.split(' ');
  if (first.includes('container-id')) return { kind: 'containers' };
  if (first.includes('bundle')) return { kind: 'folders' };
  if (first.includes('command')) return { kind: 'commands' };
  if (first.includes('|')) return { kind: 'words', words: first.slice(1, -1).split('|') };
  return { kind: 'anything' };
}

/** runc's own page says of each option what it is called in all its forms. */
export const spellingsOf = ({ name, short }: OptionEntry): readonly string[] =>
  short === undefined ? [`--${name}`] : [`-${short}`, `--${name}`];
