/**
 * The words of the command line: machines, and what to do in them.
 */
import { isMachineName, type MachineName, machineNames } from './machines.ts';

interface Common {
  readonly machines: readonly MachineName[];
  /** Set by `--set NAME=VALUE`, for what runs inside. */
  readonly environment: Readonly<Record<string, string>>;
}

export type Request = Common &
  (
    | { readonly kind: 'test'; readonly words: readonly string[] }
    | { readonly kind: 'run'; readonly command: string }
    | { readonly kind: 'shell' }
  );

/** A text is the sentence that says what is wrong. */
export function readRequest(argv: readonly string[]): Request | string {
  const named: MachineName[] = [];
  const words: string[] = [];
  const environment: Record<string, string> = {};
  let command: string | undefined;
  let shell = false;
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? '';
    const next = argv[at + 1];
    if (word === '--shell') shell = true;
    else if (word === '--run' || word === '--set') {
      if (next === undefined) return `${word} needs a value`;
      if (word === '--set' && !next.includes('=')) return '--set needs NAME=VALUE';
      at += 1;
      if (word === '--run') command = next;
      else environment[next.split('=')[0] ?? ''] = next.slice(next.indexOf('=') + 1);
    } else if (isMachineName(word)) named.push(word);
    else words.push(word);
  }
  const machines = named.length > 0 ? named : machineNames;
  const common = { machines, environment };
  if (command === undefined && !shell) return { ...common, kind: 'test', words };
  if (words.length > 0 || (command !== undefined && shell))
    return 'a machine runs tests, a command or a shell: one of them';
  if (command !== undefined) return { ...common, kind: 'run', command };
  if (named.length !== 1) return 'a shell needs the name of one machine';
  return { ...common, kind: 'shell' };
}
