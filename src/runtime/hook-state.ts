/**
 * The state that hooks read on their standard input: runtime.md#state.
 */
import type { Config } from '../bundle/config.ts';
import type { HookState } from '../plan/input.ts';

export interface HookSubject {
  readonly id: string;
  readonly bundle: string;
  readonly config: Pick<Config, 'ociVersion' | 'annotations'>;
}

export function hookStateText(subject: HookSubject, status: string, pid: number): string {
  const { id, bundle, config } = subject;
  return JSON.stringify({
    ociVersion: config.ociVersion,
    id,
    status,
    pid,
    bundle,
    ...(config.annotations && { annotations: config.annotations }),
  });
}

/** The same around a pid that only the hook's own pid namespace knows. */
export function hookStateParts(subject: HookSubject, status: string): HookState {
  const text = hookStateText(subject, status, 0);
  // an annotation may hold any text, but comes after it
  const at = text.indexOf('"pid":0');
  return { before: text.slice(0, at + '"pid":'.length), after: text.slice(at + '"pid":0'.length) };
}
