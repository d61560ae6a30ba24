/**
 * What an agent is told beside the descriptor of the notifications: config-linux.md#containerprocessstate.
 */
export interface ContainerProcess {
  readonly ociVersion: string;
  /** Of the process that is filtered, as the runtime sees it. */
  readonly pid: number;
  readonly metadata: string;
  /** The container's state: runtime.md#state. */
  readonly state: unknown;
}

export function listenerState({ ociVersion, pid, metadata, state }: ContainerProcess): string {
  return JSON.stringify({
    ociVersion,
    fds: ['seccompFd'],
    pid,
    ...(metadata !== '' && { metadata }),
    state,
  });
}
