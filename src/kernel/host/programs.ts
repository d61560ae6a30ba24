/**
 * Programs of the host: where they are, and what criu says of itself.
 */
import { accessSync, constants, statSync } from 'node:fs';
import { renderError } from '../../base/render-error.ts';
import type { CriuFacts } from '../../doctor/facts.ts';
import type { CommandResult, Kernel } from '../kernel.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where root finds programs: a plain user's PATH often lacks half of it, and what runs there as root counts. */
const folders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** In PATH, and then in the usual places. */
export function findProgram(name: string, env: Environment): string | undefined {
  const given = (env['PATH'] ?? '').split(':').filter((folder) => folder.startsWith('/'));
  return [...given, ...folders].map((folder) => `${folder}/${name}`).find(isProgram);
}

export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return !statSync(path).isDirectory();
  } catch {
    return false;
  }
}

type RunsCommands = Pick<Kernel, 'command'>;

export function criuFacts(
  kernel: RunsCommands,
  env: Environment,
  root: boolean,
): CriuFacts | undefined {
  const path = findProgram('criu', env);
  if (path === undefined) return undefined;
  const told = answerOf(kernel, [path, '--version']);
  const version = /^Version:\s*(\S+)/m.exec(told.stdout)?.[1];
  const complaint =
    version === undefined
      ? firstLine(told.stderr)
      : root
        ? complaintOf(answerOf(kernel, [path, 'check']))
        : '';
  return {
    path,
    ...(version !== undefined && { version }),
    ...(complaint !== '' && { complaint }),
  };
}

function answerOf(kernel: RunsCommands, words: readonly string[]): CommandResult {
  try {
    return kernel.command(words);
  } catch (error) {
    return { status: 1, stdout: '', stderr: renderError(error) };
  }
}

/** criu writes `Error (file.c:12): words`, and a last line that sums up. */
function complaintOf({ status, stdout, stderr }: CommandResult): string {
  if (status === 0) return '';
  const output = `${stdout}${stderr}`;
  const error = output.split('\n').find((line) => line.startsWith('Error')) ?? output;
  return firstLine(error.replace(/^Error \([^)]*\):\s*/, ''));
}

const firstLine = (text: string): string => text.trim().split('\n')[0]?.trim() ?? '';
