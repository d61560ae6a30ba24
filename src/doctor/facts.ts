/**
 * What a report on a host is judged from. Collected by the runtime; judging looks at nothing else. Plain values, since
 * `runt doctor --format json` prints them as they are.
 */

/** `refused`: the kernel has it, and a filter around us answers in its place. `unknown`: only a privileged caller is told. */
export type CallAnswer = 'there' | 'absent' | 'refused' | 'unknown';

export interface SystemFacts {
  /** Such as `6.12.48-cloud-amd64`. */
  readonly release: string;
  readonly architecture: string;
  /** System calls that came after Linux 5.0, by name. */
  readonly calls: Readonly<Record<string, CallAnswer>>;
  /** clone3 with CLONE_INTO_CGROUP. */
  readonly cloneIntoCgroup: boolean;
  /** setns with a pidfd. */
  readonly joinByPidfd: boolean;
  /** Kinds of namespaces that the kernel has, as /proc/self/ns names them. */
  readonly namespaces: readonly string[];
  /** The sysctls user.max_*_namespaces, by the kind. */
  readonly namespaceLimits: Readonly<Record<string, number>>;
  /** Why runt-init cannot be started from memory, as an errno's name. */
  readonly imageRefused?: string;
  /** Mounts over parts of /proc, as an outer container has them. */
  readonly coveredProc: readonly string[];
}

export interface UserNamespaceFacts {
  /** Why none can be made, or used once it is made, as an errno's name. Tried. */
  readonly refused?: string;
  /** kernel.unprivileged_userns_clone, where the kernel has it. */
  readonly unprivilegedClone?: boolean;
  /** kernel.apparmor_restrict_unprivileged_userns, where the kernel has it. */
  readonly apparmorRestricts?: boolean;
}

export interface IdTool {
  readonly path: string;
  readonly privilege: 'setuid' | 'capability' | 'none';
}

export interface CallerFacts {
  readonly uid: number;
  /** From /etc/passwd; absent for an id that is not there. */
  readonly name?: string;
  /** In a user namespace other than the host's first. */
  readonly inUserNamespace: boolean;
  /** Capabilities that it does not have now. */
  readonly lacking: readonly string[];
  /** Those outside of its bounding set: nothing that it starts can have them. */
  readonly unreachable: readonly string[];
  readonly newuidmap?: IdTool;
  readonly newgidmap?: IdTool;
  /** How many ids /etc/subuid and /etc/subgid give it. */
  readonly subuids: number;
  readonly subgids: number;
  /** /etc/nsswitch.conf names another source of these ranges. */
  readonly subidsElsewhere: boolean;
}

export interface HierarchyFacts {
  readonly version: 1 | 2;
  /** On v1 the names of the hierarchy; on v2 what `folder` can pass on. */
  readonly controllers: readonly string[];
  readonly mountpoint: string;
  /** Where this caller's containers would be, unless their config says. */
  readonly folder: string;
  /** Cgroups can be made there, and processes moved into them. */
  readonly writable: boolean;
}

export interface CgroupFacts {
  readonly mode: 'none' | 'v1' | 'hybrid' | 'v2';
  readonly hierarchies: readonly HierarchyFacts[];
  /** `cgroup.kill` is there; absent where no cgroup could be looked at. */
  readonly killFile?: boolean;
  /** Why no device program can be loaded, as an errno's name. Tried. */
  readonly deviceProgramRefused?: string;
}

export interface ServiceManagerFacts {
  /** The user's own, not the system's. */
  readonly user: boolean;
  readonly running: boolean;
  readonly version?: number;
  /** Why it runs and cannot be reached. */
  readonly problem?: string;
}

export interface SecurityFacts {
  readonly libseccomp?: string;
  /** The kernel takes filters of system calls. */
  readonly filters: boolean;
  /** It hands their notifications to an agent. */
  readonly notifications: boolean;
  readonly apparmor: {
    readonly enabled: boolean;
    /** The file that takes the profile of the next exec is there. */
    readonly takesProfiles: boolean;
    /** Under which profile this process runs, if any. */
    readonly confinedBy?: string;
    /** Where apparmor_parser is, with which engines load their profile. */
    readonly parser?: string;
  };
  readonly selinux: 'absent' | 'permissive' | 'enforcing';
}

export interface CriuFacts {
  readonly path: string;
  readonly version?: string;
  /** What its own check complains of; absent where it was not asked (it needs root) or had nothing. */
  readonly complaint?: string;
}

export interface ResctrlFacts {
  /** The processor and the kernel have it. */
  readonly offered: boolean;
  readonly mountpoint?: string;
}

export interface StateFolderFacts {
  readonly path: string;
  readonly exists: boolean;
  /** The folder, or the nearest that exists above it. */
  readonly nearest: string;
  readonly writable: boolean;
  /** In memory: gone at the next boot, as containers are. */
  readonly inMemory: boolean;
  readonly readOnly: boolean;
  readonly noexec: boolean;
  readonly nodev: boolean;
  readonly freeBytes: number;
  /** Absent where the file system does not count files. */
  readonly freeFiles?: number;
}

export type ClientName = 'containerd' | 'docker' | 'podman' | 'cri-o';

export interface NamedRuntime {
  /** As the client knows it. */
  readonly name: string;
  readonly path: string;
  readonly program: 'there' | 'missing' | 'not-executable';
  /** What the client was told of systemd's cgroups, where it was told. */
  readonly systemdCgroup?: boolean;
}

export interface ClientFacts {
  readonly client: ClientName;
  /** Where its program is. */
  readonly program?: string;
  /** Its configuration files, those that are there. */
  readonly files: readonly string[];
  /** Files that could not be read or understood, and why. */
  readonly damaged: readonly { readonly file: string; readonly reason: string }[];
  /** The runtimes in it that are runt. */
  readonly runtimes: readonly NamedRuntime[];
  /** Which runtime it takes when none is named; absent: its own default. */
  readonly byDefault?: string;
}

export interface HostFacts {
  readonly version: string;
  readonly system: SystemFacts;
  readonly caller: CallerFacts;
  readonly userNamespaces: UserNamespaceFacts;
  readonly cgroups: CgroupFacts;
  readonly serviceManager: ServiceManagerFacts;
  readonly security: SecurityFacts;
  readonly criu?: CriuFacts;
  readonly resctrl: ResctrlFacts;
  readonly state: StateFolderFacts;
  readonly clients: readonly ClientFacts[];
}
