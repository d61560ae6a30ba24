/**
 * Programs of the host: where they are, and what criu says of itself.
 */
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import type { CriuFacts } from '../../doctor/facts.ts';
import { librunt } from '../librunt.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** access(2) */
const mayExecute = 1;

/** Where root finds programs: a plain user's PATH often lacks half of it, and what runs there as root counts. */
const folders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** In PATH, and then in the usual places. */
export function findProgram(name: string, env: Environment): string | undefined {
  const given = (env['PATH'] ?? '').split(':').filter((folder) => folder.startsWith('/'));
  return [...given, ...folders].map((folder) => `${folder}/${name}`).find(isProgram);
}

export function isProgram(path: string): boolean {
  try {
    return !statSync(path).isDirectory() && librunt().may(path, mayExecute) >= 0;
  } catch {
    return false;
  }
}

export function criuFacts(env: Environment, root: boolean): CriuFacts | undefined {
  const path = findProgram('criu', env);
  if (path === undefined) return undefined;
  const told = answerOf(path, ['--version']);
  const version = /^Version:\s*(\S+)/m.exec(told.output)?.[1];
  const asked = root ? answerOf(path, ['check']) : undefined;
  const complaint = version === undefined ? firstLine(told.output) : complaintOf(asked);
  return {
    path,
    ...(version !== undefined && { version }),
    ...(complaint !== undefined && complaint !== '' && { complaint }),
  };
}

interface Answer {
  readonly good: boolean;
  /** Both streams. */
  readonly output: string;
}

function answerOf(path: string, args: readonly string[]): Answer {
  try {
    const output = execFileSync(path, [...args], {
      encoding: 'utf8',
      timeout: 5000,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return { good: true, output };
  } catch (error) {
    const said = (stream: string) => {
      const text: unknown = error instanceof Error ? Reflect.get(error, stream) : undefined;
      return typeof text === 'string' ? text : '';
    };
    const output = `${said('stdout')}${said('stderr')}`;
    return {
      good: false,
      output: output || (error instanceof Error ? error.message : String(error)),
    };
  }
}

/** criu writes `Error (file.c:12): words`, and a last line that sums up. */
function complaintOf(answer: Answer | undefined): string | undefined {
  if (answer === undefined || answer.good) return undefined;
  const lines = answer.output.split('\n').filter((line) => line.startsWith('Error'));
  return firstLine((lines[0] ?? answer.output).replace(/^Error \([^)]*\):\s*/, ''));
}

const firstLine = (text: string): string => text.trim().split('\n')[0]?.trim() ?? '';
