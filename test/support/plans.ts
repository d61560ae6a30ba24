/**
 * Plans of known configs on a host that never changes: for golden texts, round trips and the decoder.
 */
import type { Config, Process } from '../../src/bundle/config.ts';
import { defaultConfig } from '../../src/bundle/default-config.ts';
import { planContainer } from '../../src/plan/container.ts';
import { planExec } from '../../src/plan/exec.ts';
import { planHostHooks } from '../../src/plan/hooks.ts';
import type { CallerTraits, ContainerInput, ExecInput, KernelFacts } from '../../src/plan/input.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { namespaces, smallConfig } from './small-config.ts';

export { smallConfig };

const callerTraits: CallerTraits = {
  umask: 0o22,
  blocked: 0n,
  nofile: { soft: 1024, hard: 4096 },
};

const modernKernel: KernelFacts = {
  newMountApi: true,
  mountSetattr: true,
  cloneIntoCgroup: true,
  joinByPidfd: true,
};

/** None of it: RHEL 8's, or an outer container's filter. */
export const classicKernel: KernelFacts = {
  newMountApi: false,
  mountSetattr: false,
  cloneIntoCgroup: false,
  joinByPidfd: false,
};

const cgroup = '/sys/fs/cgroup/test/c1';

export function inputOf(config: Config, changes: Partial<ContainerInput> = {}): ContainerInput {
  return {
    id: 'c1',
    config,
    rootfs: '/bundle/rootfs',
    bundle: '/bundle',
    caller: callerTraits,
    preserveFds: 0,
    apparmorFile: 'self/attr/apparmor/exec',
    mayDropGroups: true,
    privilege: 'host',
    folder: '/run/runt/c1',
    kernel: modernKernel,
    cgroupView: {
      tmpfs: false,
      entries: [{ kind: 'filesystem', type: 'cgroup2', options: [], name: '', orBind: cgroup }],
    },
    waitsForUnit: false,
    cgroupFiles: [],
    resctrlGroups: [],
    noPivot: false,
    noNewKeyring: false,
    hookState: {
      createContainer: { before: '{"status":"creating","pid":', after: '}' },
      startContainer: { before: '{"status":"created","pid":', after: '}' },
    },
    waitsForStart: true,
    ...changes,
  };
}

export const containerPlan = (config: Config, changes: Partial<ContainerInput> = {}): Plan =>
  planContainer(inputOf(config, changes));

const processOf = (config: Config): Process => config.process ?? { cwd: '/' };

const hook = (name: string, more: object = {}) => ({ path: `/hooks/${name}`, ...more });

const v1View: ContainerInput['cgroupView'] = {
  tmpfs: true,
  entries: [
    { kind: 'bind', source: '/sys/fs/cgroup/memory/test/c1', name: 'memory' },
    { kind: 'filesystem', type: 'cgroup', options: ['cpu', 'cpuacct'], name: 'cpu,cpuacct' },
    { kind: 'symlink', name: 'cpu', target: 'cpu,cpuacct' },
  ],
};

const filter = { flags: 4, program: Uint32Array.of(0x20, 0, 6, 0x7fff_0000) };

const mapping = [{ containerID: 0, hostID: 100_000, size: 65_536 }];

const userNamespaceWithBinds = smallConfig({
  mounts: [
    { destination: '/proc', type: 'proc', source: 'proc' },
    { destination: '/data', source: '/srv/data', options: ['rbind', 'ro', 'rslave'] },
    {
      destination: '/etc/hosts',
      type: 'bind',
      source: 'hosts',
      options: ['bind', 'rnosuid'],
    },
  ],
  linux: {
    namespaces: namespaces('user', 'mount', 'pid', 'cgroup'),
    uidMappings: mapping,
    gidMappings: mapping,
    devices: [{ type: 'c', path: '/dev/fuse', major: 10, minor: 229 }],
  },
});

const rootlessConfig = defaultConfig({ cgroupV2: true, user: { uid: 1000, gid: 1000 } });
const boundInside = [
  { destination: '/a', source: '/srv/data', options: ['rbind'] },
  { destination: '/b', source: '/bundle/rootfs/a', options: ['rbind', 'ridmap'] },
];

/** Each makes one golden file of the same name. */
export const knownPlans: Readonly<Record<string, () => Plan>> = {
  'default-config': () => containerPlan(defaultConfig({ cgroupV2: true })),
  'default-config-run-on-v1': () =>
    containerPlan(defaultConfig({ cgroupV2: false }), {
      cgroupView: v1View,
      cgroupFiles: ['/sys/fs/cgroup/memory/test/c1/cgroup.procs'],
      waitsForStart: false,
    }),
  'system-call-filter': () =>
    containerPlan(smallConfig({ hooks: { startContainer: [hook('start-container')] } }), {
      filter,
    }),
  rootless: () => containerPlan(rootlessConfig, { privilege: 'none', mayDropGroups: false }),
  'root-of-a-user-namespace': () => containerPlan(smallConfig(), { privilege: 'namespace' }),
  'user-namespace-with-binds': () => containerPlan(userNamespaceWithBinds),
  'mapped-owners-of-a-mount-inside': () =>
    containerPlan({ ...userNamespaceWithBinds, mounts: boundInside }),
  'hooks-of-every-stage': () =>
    containerPlan(
      smallConfig({
        hooks: {
          prestart: [hook('prestart')],
          createRuntime: [hook('create-runtime')],
          createContainer: [
            hook('create-container', { args: ['a', 'b'], env: ['A=b'], timeout: 2 }),
          ],
          startContainer: [hook('start-container'), hook('another', { env: [] })],
          poststart: [hook('poststart')],
          poststop: [hook('poststop')],
        },
      }),
    ),
  'hooks-of-the-host': () =>
    planHostHooks({
      stage: 'poststop',
      hooks: [hook('poststop', { timeout: 1 })],
      state: '{"status":"stopped"}',
      environment: ['PATH=/bin'],
      caller: callerTraits,
    }),
  terminal: () =>
    containerPlan(
      smallConfig({
        process: {
          ...processOf(smallConfig()),
          terminal: true,
          consoleSize: { height: 25, width: 80 },
        },
        mounts: [{ destination: '/dev/pts', type: 'devpts', source: 'devpts' }],
      }),
    ),
  'joined-namespaces': () =>
    containerPlan(
      smallConfig({
        linux: {
          namespaces: [
            { type: 'user', path: '/proc/7/ns/user' },
            { type: 'network', path: '/run/netns/a' },
            { type: 'mount' },
            { type: 'uts' },
          ],
        },
      }),
    ),
  'no-mount-namespace': () =>
    containerPlan(smallConfig({ hostname: 'a', linux: { namespaces: namespaces('pid', 'uts') } })),
  'files-and-limits': () =>
    containerPlan(
      smallConfig({
        root: { path: 'rootfs', readonly: true },
        domainname: 'b.test',
        process: {
          cwd: '/work',
          args: ['prog', '--flag'],
          env: ['PATH=/bin:/sbin'],
          user: { uid: 1000, gid: 1000, umask: 0o77, additionalGids: [5, 6] },
          oomScoreAdj: 500,
          rlimits: [{ type: 'RLIMIT_CORE', soft: 0, hard: 1 }],
          capabilities: { bounding: ['CAP_KILL'], ambient: ['CAP_KILL'] },
          noNewPrivileges: true,
        },
        mounts: [
          { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['ro', 'mode=755'] },
          { destination: '/data', options: ['remount', 'ro', 'rnoexec'] },
        ],
        linux: {
          namespaces: namespaces('mount', 'pid', 'network', 'ipc', 'uts', 'time'),
          rootfsPropagation: 'shared',
          sysctl: { 'net.ipv4.ip_forward': '1' },
          maskedPaths: ['/proc/kcore', '/proc/./kcore'],
          readonlyPaths: ['/proc/sys'],
        },
      }),
      { noPivot: true, noNewKeyring: true, preserveFds: 2 },
    ),
  'scheduling-and-labels': () =>
    containerPlan(
      smallConfig({
        process: {
          ...processOf(smallConfig()),
          apparmorProfile: 'profile',
          selinuxLabel: 'a:b:c:d',
          scheduler: { policy: 'SCHED_OTHER', nice: -5, flags: ['SCHED_FLAG_RESET_ON_FORK'] },
          ioPriority: { class: 'IOPRIO_CLASS_BE', priority: 7 },
          execCPUAffinity: { initial: '7', final: '0-3,7' },
        },
        linux: {
          namespaces: namespaces('mount', 'pid'),
          personality: { domain: 'LINUX32' },
          memoryPolicy: { mode: 'MPOL_BIND', nodes: '0,33', flags: ['MPOL_F_STATIC_NODES'] },
        },
      }),
    ),
  'classic-default-config': () =>
    containerPlan(defaultConfig({ cgroupV2: true }), { kernel: classicKernel }),
  'classic-user-namespace-with-binds': () =>
    containerPlan(userNamespaceWithBinds, { kernel: classicKernel }),
  'classic-without-pivot': () =>
    containerPlan(smallConfig({ root: { path: 'rootfs', readonly: true } }), {
      kernel: classicKernel,
      noPivot: true,
    }),
  'classic-shared-root': () =>
    containerPlan(
      smallConfig({
        linux: { namespaces: namespaces('mount', 'pid'), rootfsPropagation: 'rshared' },
      }),
      { kernel: classicKernel },
    ),
  'classic-exec': () => execPlan({}, true, { kernel: classicKernel }),
  exec: () => execPlan({}),
  'traced-container': () => containerPlan(smallConfig({ linux: {} }), { traced: true }),
  'traced-exec-with-filter': () => execPlan({}, false, { traced: true, filter }),
  'exec-with-terminal-in-user-namespace': () => execPlan({ terminal: true }, true),
};

function execPlan(changes: Partial<Process>, user = false, more: Partial<ExecInput> = {}): Plan {
  const config = smallConfig({
    linux: { namespaces: namespaces('mount', 'pid', ...(user ? (['user'] as const) : [])) },
  });
  return planExec({
    config,
    process: { ...processOf(config), args: ['sh', '-c', 'true'], env: ['PATH=/bin'], ...changes },
    caller: callerTraits,
    preserveFds: 1,
    apparmorFile: 'self/attr/apparmor/exec',
    mayDropGroups: !user,
    privilege: 'host',
    kernel: modernKernel,
    waitsForUnit: false,
    root: '/proc/7/root',
    cgroupFiles: [`${cgroup}/cgroup.procs`],
    ...more,
  });
}
