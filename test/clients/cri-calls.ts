/**
 * The calls of Kubernetes' container runtime interface that the cases make, as types.
 */

export type NamespaceMode = 'POD' | 'CONTAINER' | 'NODE' | 'TARGET';

export interface IdMapping {
  readonly host_id: number;
  readonly container_id: number;
  readonly length: number;
}

export interface NamespaceOption {
  readonly network?: NamespaceMode;
  readonly pid?: NamespaceMode;
  readonly ipc?: NamespaceMode;
  readonly target_id?: string;
  readonly userns_options?: {
    readonly mode: NamespaceMode;
    readonly uids: readonly IdMapping[];
    readonly gids: readonly IdMapping[];
  };
}

interface SecurityProfile {
  readonly profile_type: 'RuntimeDefault' | 'Unconfined' | 'Localhost';
  readonly localhost_ref?: string;
}

export interface Resources {
  readonly cpu_period?: number;
  readonly cpu_quota?: number;
  readonly cpu_shares?: number;
  readonly memory_limit_in_bytes?: number;
  readonly oom_score_adj?: number;
  readonly cpuset_cpus?: string;
}

export interface PodConfig {
  readonly metadata: { readonly name: string; readonly uid: string; readonly namespace: string };
  readonly hostname: string;
  readonly log_directory: string;
  readonly linux: {
    readonly cgroup_parent: string;
    readonly security_context: {
      readonly namespace_options: NamespaceOption;
      readonly privileged: boolean;
    };
    readonly sysctls: Readonly<Record<string, string>>;
  };
}

export interface Mount {
  readonly container_path: string;
  readonly host_path: string;
  readonly readonly?: boolean;
  readonly propagation?: 'PROPAGATION_HOST_TO_CONTAINER' | 'PROPAGATION_BIDIRECTIONAL';
  readonly recursive_read_only?: boolean;
}

export interface SecurityContext {
  readonly capabilities?: {
    readonly add_capabilities?: readonly string[];
    readonly drop_capabilities?: readonly string[];
  };
  readonly privileged?: boolean;
  readonly namespace_options?: NamespaceOption;
  readonly run_as_user?: { readonly value: number };
  readonly run_as_group?: { readonly value: number };
  readonly run_as_username?: string;
  readonly readonly_rootfs?: boolean;
  readonly supplemental_groups?: readonly number[];
  readonly no_new_privs?: boolean;
  readonly masked_paths?: readonly string[];
  readonly readonly_paths?: readonly string[];
  readonly seccomp?: SecurityProfile;
}

export interface ContainerConfig {
  readonly metadata: { readonly name: string };
  readonly image: { readonly image: string };
  readonly command: readonly string[];
  readonly working_dir?: string;
  readonly envs?: readonly { readonly key: string; readonly value: string }[];
  readonly mounts?: readonly Mount[];
  readonly devices?: readonly {
    readonly container_path: string;
    readonly host_path: string;
    readonly permissions: string;
  }[];
  readonly log_path: string;
  readonly tty?: boolean;
  readonly linux: { readonly resources: Resources; readonly security_context: SecurityContext };
}

export interface ContainerStatus {
  readonly state: 'CONTAINER_CREATED' | 'CONTAINER_RUNNING' | 'CONTAINER_EXITED';
  readonly exit_code: number;
  readonly reason: string;
  readonly message: string;
}

interface OfPod {
  readonly pod_sandbox_id: string;
}
interface OfContainer {
  readonly container_id: string;
}
type Nothing = Readonly<Record<string, never>>;

export interface CriCalls extends Record<string, readonly [object, object]> {
  Version: [Nothing, { readonly runtime_version: string }];
  Status: [
    Nothing,
    {
      readonly status: {
        readonly conditions: readonly { readonly type: string; readonly status: boolean }[];
      };
      readonly runtime_handlers: readonly {
        readonly name: string;
        readonly features: {
          readonly recursive_read_only_mounts: boolean;
          readonly user_namespaces: boolean;
        } | null;
      }[];
    },
  ];
  RunPodSandbox: [{ readonly config: PodConfig; readonly runtime_handler: string }, OfPod];
  StopPodSandbox: [OfPod, Nothing];
  RemovePodSandbox: [OfPod, Nothing];
  PodSandboxStatus: [
    OfPod,
    {
      readonly status: {
        readonly state: 'SANDBOX_READY' | 'SANDBOX_NOTREADY';
        readonly network: { readonly ip: string } | null;
        readonly runtime_handler: string;
      };
    },
  ];
  ListPodSandbox: [Nothing, { readonly items: readonly { readonly id: string }[] }];
  CreateContainer: [
    OfPod & { readonly config: ContainerConfig; readonly sandbox_config: PodConfig },
    OfContainer,
  ];
  StartContainer: [OfContainer, Nothing];
  StopContainer: [OfContainer & { readonly timeout: number }, Nothing];
  RemoveContainer: [OfContainer, Nothing];
  ListContainers: [
    { readonly filter: OfPod },
    { readonly containers: readonly { readonly id: string; readonly state: string }[] },
  ];
  ContainerStatus: [OfContainer, { readonly status: ContainerStatus }];
  UpdateContainerResources: [OfContainer & { readonly linux: Resources }, Nothing];
  ExecSync: [
    OfContainer & { readonly cmd: readonly string[]; readonly timeout: number },
    { readonly stdout: Uint8Array; readonly stderr: Uint8Array; readonly exit_code: number },
  ];
  ContainerStats: [
    OfContainer,
    {
      readonly stats: {
        readonly cpu: { readonly usage_core_nano_seconds: { readonly value: number } | null };
        readonly memory: { readonly working_set_bytes: { readonly value: number } | null };
      };
    },
  ];
}
