/**
 * As much of a kubelet as the cases need: pods and their containers, made by the calls that a kubelet makes.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  ContainerConfig,
  ContainerStatus,
  CriCalls,
  NamespaceOption,
  PodConfig,
} from './cri-calls.ts';
import type { Ground } from './ground.ts';
import type { Service } from './grpc.ts';

export interface PodOptions {
  /** By default each container has a pid namespace of its own, and the rest is the pod's. */
  readonly namespaces?: NamespaceOption;
  readonly privileged?: boolean;
  readonly sysctls?: Readonly<Record<string, string>>;
  readonly handler?: string;
  readonly cgroupParent?: string;
}

export type ContainerOptions = Omit<Partial<ContainerConfig>, 'linux'> & {
  readonly linux?: Partial<ContainerConfig['linux']>;
};

export interface Pod {
  readonly id: string;
  readonly config: PodConfig;
  readonly create: (command: readonly string[], options?: ContainerOptions) => Promise<Container>;
  /** Created and started; without a command it sleeps. */
  readonly run: (command?: readonly string[], options?: ContainerOptions) => Promise<Container>;
  /** Its containers are ended with it. */
  readonly remove: () => Promise<void>;
}

export interface Container {
  readonly id: string;
  readonly start: () => Promise<void>;
  readonly exec: (...command: readonly string[]) => Promise<Executed>;
  /** What a shell in it prints; it must succeed. */
  readonly sh: (script: string) => Promise<string>;
  readonly status: () => Promise<ContainerStatus>;
  readonly exited: () => Promise<ContainerStatus>;
  /** Its log: each line's stream and text. */
  readonly log: () => string[];
  readonly stop: (seconds: number) => Promise<void>;
  readonly remove: () => Promise<void>;
}

export interface Executed {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Kubelet {
  readonly ground: Ground;
  readonly call: Service<CriCalls>['call'];
  readonly pod: (options?: PodOptions) => Promise<Pod>;
  /** What the runtime itself says of a pod or a container: its own `state`. */
  readonly state: (id: string) => Promise<{ readonly status: number; readonly stdout: string }>;
  /** Removes all pods. */
  readonly clear: () => Promise<void>;
}

export function kubelet(ground: Ground, call: Service<CriCalls>['call'], handler: string): Kubelet {
  let count = 0;
  const removePod = async (id: string): Promise<void> => {
    // as a kubelet does, who asks again: containerd 2 may answer that the shim, which has just ended, cannot be asked to end
    await call('StopPodSandbox', { pod_sandbox_id: id }).catch(() =>
      call('StopPodSandbox', { pod_sandbox_id: id }),
    );
    await call('RemovePodSandbox', { pod_sandbox_id: id });
  };
  return {
    ground,
    call,
    async pod(options = {}) {
      const name = `${ground.name}-${(count += 1)}`;
      const { privileged = false, sysctls = {} } = options;
      const namespaces: NamespaceOption = { pid: 'CONTAINER', ...options.namespaces };
      const config: PodConfig = {
        metadata: { name, uid: name, namespace: 'default' },
        hostname: namespaces.network === 'NODE' ? '' : 'a-pod',
        log_directory: join(ground.folder, 'logs', name),
        linux: {
          cgroup_parent: options.cgroupParent ?? `/${ground.name}`,
          security_context: { namespace_options: namespaces, privileged },
          sysctls,
        },
      };
      const runtimeHandler = options.handler ?? handler;
      const { pod_sandbox_id: id } = await call('RunPodSandbox', {
        config,
        runtime_handler: runtimeHandler,
      });
      return podOf(ground, call, id, config, () => removePod(id));
    },
    state: (id) =>
      ground.run([ground.runtime.path, '--root', '/run/containerd/runc/k8s.io', 'state', id]),
    async clear() {
      const { items } = await call('ListPodSandbox', {});
      await Promise.all(items.map(({ id }) => removePod(id)));
    },
  };
}

function podOf(
  ground: Ground,
  call: Service<CriCalls>['call'],
  id: string,
  config: PodConfig,
  remove: () => Promise<void>,
): Pod {
  let count = 0;
  const pod: Pod = {
    id,
    config,
    async create(command, options = {}) {
      const name = `c${(count += 1)}`;
      const { namespace_options, privileged } = config.linux.security_context;
      const { linux = {}, ...rest } = options;
      const { container_id: container } = await call('CreateContainer', {
        pod_sandbox_id: id,
        sandbox_config: config,
        config: {
          metadata: { name },
          image: { image: ground.images.busybox.name },
          command,
          log_path: `${name}.log`,
          ...rest,
          linux: {
            resources: linux.resources ?? {},
            security_context: { namespace_options, privileged, ...linux.security_context },
          },
        },
      });
      const log = join(config.log_directory, `${name}.log`);
      return containerOf(ground, call, container, log);
    },
    async run(command = ['sleep', '1000'], options = {}) {
      const container = await pod.create(command, options);
      await container.start();
      return container;
    },
    remove,
  };
  return pod;
}

function containerOf(
  ground: Ground,
  call: Service<CriCalls>['call'],
  id: string,
  log: string,
): Container {
  const container: Container = {
    id,
    async start() {
      await call('StartContainer', { container_id: id });
    },
    async exec(...cmd) {
      const answer = await call('ExecSync', { container_id: id, cmd, timeout: 30 });
      const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
      return {
        status: answer.exit_code,
        stdout: text(answer.stdout),
        stderr: text(answer.stderr),
      };
    },
    async sh(script) {
      const ended = await container.exec('sh', '-c', script);
      if (ended.status !== 0) throw new Error(`${script}: ${JSON.stringify(ended)}`);
      return ended.stdout;
    },
    status: async () => (await call('ContainerStatus', { container_id: id })).status,
    exited: () =>
      ground.until('the container to end', async () => {
        const status = await container.status();
        return status.state === 'CONTAINER_EXITED' ? status : undefined;
      }),
    log: () =>
      readFileSync(log, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => line.replace(/^\S+ (\S+) \S+ /, '$1 ')),
    async stop(seconds) {
      await call('StopContainer', { container_id: id, timeout: seconds });
    },
    async remove() {
      await call('RemoveContainer', { container_id: id });
    },
  };
  return container;
}
