/**
 * What each verb is asked: plain data that the command line (or a program) fills in and the use cases read.
 *
 * Paths are absolute here; defaults are already applied. No verb looks at argv or at the environment.
 */

import type { Statistics } from '../cgroup/plan/statistics.ts';
import type { Resources } from '../bundle/config.ts';

export type { Resources, Statistics };
export type { Rootless } from './rights.ts';
export type { CgroupManager } from '../cgroup/apply/cgroups.ts';

export interface CreateRequest {
  readonly id: string;
  /** Folder with config.json. */
  readonly bundle: string;
  /** AF_UNIX socket that receives the terminal's master end. */
  readonly consoleSocket?: string;
  /** AF_UNIX socket that receives a pidfd of the container's init. */
  readonly pidfdSocket?: string;
  readonly pidFile?: string;
  /** MS_MOVE and chroot instead of pivot_root, for a rootfs on the initial ramfs. */
  readonly noPivot: boolean;
  /** Leave the caller's session keyring in place. */
  readonly noNewKeyring: boolean;
  /** How many descriptors from 3 upwards the container keeps. */
  readonly preserveFds: number;
}

export interface RunRequest extends CreateRequest {
  readonly detach: boolean;
  /** Keep the container's record after its process has ended. */
  readonly keep: boolean;
  readonly noSubreaper: boolean;
}

export interface ExecRequest {
  readonly id: string;
  readonly process: ExecProcess;
  readonly consoleSocket?: string;
  readonly pidfdSocket?: string;
  readonly pidFile?: string;
  readonly detach: boolean;
  readonly preserveFds: number;
  /** Cgroups below the container's own, `PATH` or on v1 `CONTROLLER,…:PATH`; none: the container's own. */
  readonly cgroups?: readonly string[];
  /** Also in a paused container, where it waits for the resume. */
  readonly ignorePaused?: boolean;
}

/** Either a whole process object of the specification (`--process`), or changes to the container's own. */
export type ExecProcess =
  | { readonly kind: 'file'; readonly path: string }
  | {
      readonly kind: 'changes';
      readonly args: readonly string[];
      readonly tty: boolean;
      readonly cwd?: string;
      /** `NAME=value`, after the container's own. */
      readonly env: readonly string[];
      /** Without a group the container's own stays. */
      readonly user?: { readonly uid: number; readonly gid?: number };
      readonly additionalGids: readonly number[];
      /** In place of the container's own. */
      readonly selinuxLabel?: string;
      readonly apparmorProfile?: string;
      readonly capabilities: readonly string[];
      readonly noNewPrivileges: boolean;
    };

export interface PsRequest {
  readonly id: string;
  /** For ps(1); `-ef` when there are none. */
  readonly args: readonly string[];
}

export interface EventsRequest {
  readonly id: string;
  /** Milliseconds between two statistics. */
  readonly interval: number;
  /** One statistics, and the end. */
  readonly once: boolean;
}

export type ContainerEvent =
  | { readonly type: 'stats'; readonly id: string; readonly data: Statistics }
  /** Memory ran out. */
  | { readonly type: 'oom'; readonly id: string };

export interface UpdateRequest {
  readonly id: string;
  /** `-` as a path is standard input. */
  readonly limits:
    | { readonly kind: 'file'; readonly path: string }
    | { readonly kind: 'given'; readonly resources: Resources };
  /** Options that are taken for old callers' sake and change nothing, such as `--kernel-memory`: each is a warning. */
  readonly ignored?: readonly string[];
  /** Lines for the schemata of its resctrl group. */
  readonly rdt: { readonly l3CacheSchema?: string; readonly memBwSchema?: string };
}

export interface KillRequest {
  readonly id: string;
  /** Signal number, 1 to 64; 0 only asks whether the process is there. */
  readonly signal: number;
  /** Every process of the container, and no error when none runs. */
  readonly all: boolean;
}

export interface DeleteRequest {
  readonly id: string;
  readonly force: boolean;
}

export interface SpecRequest {
  /** Folder that receives config.json. */
  readonly bundle: string;
  /** For a user who is not root: a user namespace with this user as its root, and nothing that needs more. */
  readonly rootless: boolean;
  /** The container's host name; `runt` where it is not given. */
  readonly hostname?: string;
}

export type Status = 'creating' | 'created' | 'running' | 'paused' | 'stopped';

/** What `state` prints, in this order of keys (runc's). */
export interface ContainerState {
  readonly ociVersion: string;
  readonly id: string;
  /** Host pid of the container's init; 0 when stopped. */
  readonly pid: number;
  readonly status: Status;
  readonly bundle: string;
  readonly rootfs: string;
  /** RFC 3339 with nanoseconds, UTC. */
  readonly created: string;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Name of the user who created it, or `#uid`; empty in `state`. */
  readonly owner: string;
}

/** `plan`: the same operations twice, as data and as text. */
export interface PlanDocument {
  readonly json: unknown;
  readonly text: string;
}

/** features.md of the specification: schemas/features.json. */
export type { Features } from '../bundle/generated/features.ts';

/** `doctor`: what was looked at, what it means, and the facts it was made from. */
export type { Check, Verdict } from '../doctor/check.ts';
export type { DoctorReport } from '../doctor/judge.ts';
export type * from '../doctor/facts.ts';

/** `trace`: where the time of a command went. Times are in ms, from its beginning. */
export interface TraceReport {
  /** As it was typed. */
  readonly command: string;
  readonly total: number;
  /** What went on at the same time, each in its order: the runtime's phases, and the steps of runt-init. */
  readonly lanes: readonly TraceLane[];
}

export interface TraceLane {
  readonly name: string;
  readonly spans: readonly TraceSpan[];
}

export interface TraceSpan {
  readonly name: string;
  readonly start: number;
  readonly duration: number;
  /** Number of a step, as `plan` counts, and its place in the config. */
  readonly step?: number;
  readonly from?: string;
}

/** Versions for `--version`. */
export interface VersionReport {
  readonly version: string;
  readonly commit: string;
  readonly spec: string;
  /** Version of the libseccomp found on this host, or undefined where there is none. */
  readonly libseccomp?: string;
}
