/**
 * Everything that planning knows of the world, collected by the runtime before: planning itself looks at nothing.
 */
import type { Config, Process } from '../bundle/config.ts';

/** What the caller's process was like before the engine changed it; the container starts out like it. */
export interface CallerTraits {
  readonly umask: number;
  /** Signals it blocked; bit n-1 is signal n. */
  readonly blocked: bigint;
  readonly nofile: { readonly soft: number; readonly hard: number };
}

/** What the config's mounts of type `cgroup` stand for here. Made by the cgroup room. */
export type CgroupEntry =
  | { readonly kind: 'bind'; readonly source: string; readonly name: string }
  | {
      readonly kind: 'filesystem';
      readonly type: 'cgroup' | 'cgroup2';
      readonly options: readonly string[];
      readonly name: string;
      readonly orBind?: string;
    }
  | { readonly kind: 'symlink'; readonly name: string; readonly target: string };

export interface CgroupView {
  readonly tmpfs: boolean;
  readonly entries: readonly CgroupEntry[];
}

/** The container's state as JSON in two parts: the pid, known only inside, stands between them. */
export interface HookState {
  readonly before: string;
  readonly after: string;
}

/** A filter of system calls, compiled: made by the seccomp room. */
export interface SyscallFilter {
  /** SECCOMP_FILTER_FLAG_* */
  readonly flags: number;
  /** Classic BPF, two numbers an instruction. */
  readonly program: Uint32Array;
}

/** What this kernel can do, and whoever stands between it and us lets us do. */
export interface KernelFacts {
  /** open_tree, move_mount, fsopen, fsconfig and fsmount: Linux 5.2. */
  readonly newMountApi: boolean;
  /** mount_setattr: Linux 5.12. */
  readonly mountSetattr: boolean;
  /** clone3 with CLONE_INTO_CGROUP: Linux 5.7. */
  readonly cloneIntoCgroup: boolean;
  /** setns with a pidfd: Linux 5.8. */
  readonly joinByPidfd: boolean;
}

/**
 * Of the runtime: root of the host; root of a user namespace, who can make no device nodes; or neither, whom only a user
 * namespace of the container's own gives any right.
 */
export type Privilege = 'host' | 'namespace' | 'none';

export interface ProcessInput {
  /** Each step's end is noted, in memory that the runtime hands in. */
  readonly traced?: boolean;
  readonly process: Process;
  readonly caller: CallerTraits;
  /** Descriptors from 3 upwards that stay open. */
  readonly preserveFds: number;
  readonly privilege: Privilege;
  /** Where AppArmor takes the profile of the next exec: below /proc. */
  readonly apparmorFile: string;
  /** setgroups(2) may be called: not where a user namespace forbids it. */
  readonly mayDropGroups: boolean;
  readonly filter?: SyscallFilter;
}

export interface ContainerInput extends Omit<ProcessInput, 'process'> {
  readonly id: string;
  readonly config: Config;
  /** Absolute, on the host. */
  readonly rootfs: string;
  readonly bundle: string;
  /** Its own folder on the host, below the runtime's root. */
  readonly folder: string;
  readonly kernel: KernelFacts;
  readonly cgroupView: CgroupView;
  /** The first process waits until systemd has put it into its cgroups. */
  readonly waitsForUnit: boolean;
  /** Control files of its cgroups to which the process writes itself; those of v2 it is born in. */
  readonly cgroupFiles: readonly string[];
  /** Folders of the resctrl file system that the process is assigned to. */
  readonly resctrlGroups: readonly string[];
  readonly noPivot: boolean;
  readonly noNewKeyring: boolean;
  readonly hookState: { readonly createContainer: HookState; readonly startContainer: HookState };
  /** Waits on the start socket (create), or goes on at once (run). */
  readonly waitsForStart: boolean;
}

export interface ExecInput extends ProcessInput {
  readonly config: Config;
  readonly kernel: Pick<KernelFacts, 'joinByPidfd'>;
  /** The first process waits until systemd has put it into the container's cgroup. */
  readonly waitsForUnit: boolean;
  /** The root of the container's init, as the host sees it: where no mount namespace brings a root of its own. */
  readonly root: string;
  readonly cgroupFiles: readonly string[];
}
