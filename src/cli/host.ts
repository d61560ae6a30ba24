/**
 * What the command line needs from the process it runs in, handed in by the composition root.
 *
 * Nothing in this room reads `process`: a test is a host like any other.
 */
import type { Logger } from '../base/log.ts';
import type { Trace, TraceFile } from '../base/trace.ts';
import type { OpenSink } from './log-target.ts';
import type { CgroupManager, Rootless } from '../runtime/requests.ts';
import type { Runtime } from '../runtime/runtime.ts';

export interface CliHost {
  /** argv[0] as the caller wrote it: its last part names the program in every text. */
  readonly invokedAs: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly euid: number;
  /** The working directory; asked for only when a relative path needs it. */
  readonly cwd: () => string;
  /** Whether we are in a user namespace other than the host's first; asked for only when euid is 0. Absent: no. */
  readonly inUserNamespace?: () => boolean;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** Asked only by a command that would use colours. Absent: no. */
  readonly stdoutIsTerminal?: () => boolean;
  /** Called only for a log of the system. Absent: this host has none. */
  readonly openSink?: OpenSink;
  /** Called only for `--trace`. Absent: this host cannot. */
  readonly openTrace?: (path: string, command: string) => Promise<TraceFile>;
  /** Called once, and only by a command that needs it. */
  makeRuntime(options: {
    readonly root: string;
    readonly log: Logger;
    readonly cgroupManager: CgroupManager;
    readonly rootless: Rootless;
    readonly unitPrefix: string;
    readonly trace?: Trace;
  }): Runtime;
}
