/**
 * How a failure ends a command: its exit status, and the words before its sentence.
 *
 * A fault of argv itself is 1 for every command; what a verb then runs into is the verb's own:
 * `exec` answers 255, because any smaller status could be the process's.
 */
import { isRuntError } from '../base/errors.ts';
import type { ErrorCode } from '../base/errors.ts';
import type { CommandName } from './command-table.ts';

interface Failure {
  readonly status: number;
  /** After the program's name where `named`, so that a program called runc says `runc run failed`. */
  readonly words: string;
  readonly named: boolean;
  /** For what fails while the process is set up. */
  readonly setUp: string;
}

const plain: Failure = { status: 1, words: '', named: false, setUp: '' };
const ofProcess = 'unable to start container process: ';
const ofInit = `${ofProcess}error during container init: `;

const failures: Readonly<Partial<Record<CommandName, Failure>>> = {
  create: { status: 1, words: 'create failed: ', named: true, setUp: ofInit },
  run: { status: 1, words: 'run failed: ', named: true, setUp: ofInit },
  exec: { status: 255, words: 'exec failed: ', named: false, setUp: ofProcess },
};

const setUpCodes: ReadonlySet<ErrorCode> = new Set([
  'step-failed',
  'executable-missing',
  'init-died',
  'seccomp-agent',
]);

/** What runs when the process is there already is no part of it. */
const lateStages: ReadonlySet<string> = new Set(['startContainer', 'poststart']);

function failedInSetUp(error: unknown): boolean {
  if (isRuntError(error, 'hook-failed')) return !lateStages.has(error.facts.stage);
  return isRuntError(error) && setUpCodes.has(error.code);
}

/**
 * A failing execve is told as the process itself would tell it, alone and plain: by then nothing of ours is left in
 * the container, and who reads the container's output finds the line that runc leaves there.
 */
const plainly: Ending = { status: 255, prefix: '', plain: true };

export interface Ending {
  readonly status: number;
  readonly prefix: string;
  /** To stderr without the log's frame; a log elsewhere still has it. */
  readonly plain?: true;
}

export function endingOf(name: CommandName, program: string, error: unknown): Ending {
  if ((name === 'run' || name === 'exec') && isRuntError(error, 'exec-failed')) return plainly;
  const { status, words, named, setUp } = failures[name] ?? plain;
  const inner = failedInSetUp(error) ? setUp : '';
  return { status, prefix: `${named ? `${program} ` : ''}${words}${inner}` };
}

/** The command line cannot be understood. */
export const usageStatus = 1;

/** runc's for a command that does not exist. */
export const noSuchCommandStatus = 3;
