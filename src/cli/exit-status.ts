/**
 * How a failure ends a command: its exit status, and the words before its sentence.
 *
 * A fault of argv itself is 1 for every command; what a verb then runs into is the verb's own:
 * `exec` answers 255, because any smaller status could be the process's.
 */
import type { CommandName } from './command-table.ts';

interface Failure {
  readonly status: number;
  /** After the program's name where `named`, so that a program called runc says `runc run failed`. */
  readonly words: string;
  readonly named: boolean;
}

const plain: Failure = { status: 1, words: '', named: false };

const failures: Readonly<Partial<Record<CommandName, Failure>>> = {
  create: { status: 1, words: 'create failed: ', named: true },
  run: { status: 1, words: 'run failed: ', named: true },
  exec: { status: 255, words: 'exec failed: ', named: false },
};

export interface Ending {
  readonly status: number;
  readonly prefix: string;
}

export function endingOf(name: CommandName, program: string): Ending {
  const { status, words, named } = failures[name] ?? plain;
  return { status, prefix: named ? `${program} ${words}` : words };
}

/** The command line cannot be understood. */
export const usageStatus = 1;

/** runc's for a command that does not exist. */
export const noSuchCommandStatus = 3;
