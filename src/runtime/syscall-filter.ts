/**
 * The container's filter of system calls: compiled before a plan is made, and its notifications given away after it
 * was loaded.
 */
import { isRuntError, RuntError } from '../base/errors.ts';
import type { Config } from '../bundle/config.ts';
import type { SyscallFilter } from '../plan/input.ts';
import { listenerState } from '../seccomp/listener-state.ts';
import { type HookSubject, hookStateText } from './hook-state.ts';
import type { Ports } from './ports.ts';
import { ownVersion } from './version.ts';

export interface FilterSource {
  readonly config: Config;
  /** What the config was read from: it has 64-bit values in full. */
  readonly text: string;
  /** Whether the program may be kept for the next time. */
  readonly keep: boolean;
}

/** As a part of the plan's input; empty where the config asks for no filter. */
export async function filterInput(
  { store, log }: Pick<Ports, 'store' | 'log'>,
  { config, text, keep }: FilterSource,
): Promise<{ readonly filter?: SyscallFilter }> {
  const profile = config.linux?.seccomp;
  if (profile === undefined) return {};
  const { filterOf } = await import('../seccomp/apply/filter.ts');
  const filter = await filterOf({
    profile,
    text,
    root: store.root,
    keep,
    version: ownVersion,
    log,
  });
  return { filter };
}

/** The process that is filtered, and its container. */
export interface Filtered {
  readonly pid: number;
  readonly pidfd: number;
  readonly subject: HookSubject & { readonly config: Config };
  readonly status: string;
  /** The container's init. */
  readonly init: number;
}

/** Takes the process's listener and hands it to the profile's agent, in a connection of its own. */
export function handListener(
  { kernel }: Pick<Ports, 'kernel'>,
  { pid, pidfd, subject, status, init }: Filtered,
  descriptor: number,
): void {
  const { config } = subject;
  const { listenerPath = '', listenerMetadata = '' } = config.linux?.seccomp ?? {};
  const state: unknown = JSON.parse(hookStateText(subject, status, init));
  const payload = listenerState({
    ociVersion: config.ociVersion,
    pid,
    metadata: listenerMetadata,
    state,
  });
  const listener = kernel.pidfdTake(pidfd, descriptor, "the filter's listener");
  try {
    kernel.handOver(listenerPath, payload, listener, "the filter's listener");
  } catch (cause) {
    const errno = isRuntError(cause, 'system-call') ? cause.facts.errno : 'EIO';
    throw new RuntError('seccomp-agent', { path: listenerPath, errno }, { cause });
  } finally {
    kernel.close(listener);
  }
}
