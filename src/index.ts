/**
 * runt as a library: the verbs of an OCI runtime as functions, for programs that have an event loop.
 *
 * The work is done by threads of the library's own, so that a program's event loop goes on meanwhile. On plain Node the caller's
 * state is not noted: a container made from here cannot be given the soft limit on open files and the signal mask that
 * this process was started with; it gets a limit of 1024, and no signal is blocked.
 */
export {
  type ErrorCode,
  type ErrorFacts,
  type Finding,
  isRuntError,
  RuntError,
} from './base/errors.ts';
export { renderError } from './base/render-error.ts';
export type { Logger } from './base/log.ts';
export type * from './runtime/requests.ts';
export type { Runtime } from './runtime/runtime.ts';
import type { Logger } from './base/log.ts';
import { distantRuntime } from './library/distant-runtime.ts';
import { openEverywhere } from './library/threads.ts';
import type { CgroupManager, Rootless } from './runtime/requests.ts';
import type { Runtime } from './runtime/runtime.ts';

export interface OpenOptions {
  /** Where containers are remembered. Default: `/run/runt`. */
  readonly root?: string;
  /** Takes warnings; by default they are dropped. It is asked once whether it is debugging. What it throws, nobody catches. */
  readonly log?: Logger;
  /** Who makes the cgroups of new containers: runt itself (the default), systemd, or nobody. */
  readonly cgroupManager?: CgroupManager;
  /** Whether cgroups that may not be made are done without. Default: `auto`, for who is not root of the host. */
  readonly rootless?: Rootless;
}

const silentLog: Logger = {
  debugging: false,
  debug: () => {},
  warning: () => {},
  error: () => {},
};

/**
 * Opens a runtime on a root folder; nothing is made before the first container is. A thread is started, which does not keep
 * the program alive.
 *
 * @example
 * const runtime = openRuntime({ root: '/run/my-program' });
 * const faults = await runtime.validate('/srv/bundle');
 */
export function openRuntime(options: OpenOptions = {}): Runtime {
  const { log = silentLog, cgroupManager = 'cgroupfs', rootless = 'auto' } = options;
  const { root = '/run/runt' } = options;
  const opening = {
    root,
    debugging: log.debugging,
    cgroupManager,
    rootless,
    env: { ...process.env },
  };
  return distantRuntime(openEverywhere(opening, log));
}
