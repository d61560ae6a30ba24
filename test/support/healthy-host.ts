/**
 * The facts of a host that lacks nothing, for tests to take things from.
 */
import type { HostFacts } from '../../src/doctor/facts.ts';

const tool = (name: string) => ({ path: `/usr/bin/${name}`, privilege: 'setuid' }) as const;

export const healthyHost: HostFacts = {
  version: '0.1.0',
  system: {
    release: '6.12.0',
    architecture: 'x86_64',
    calls: Object.fromEntries(
      [
        'pidfd_open',
        'pidfd_send_signal',
        'pidfd_getfd',
        'clone3',
        'close_range',
        'openat2',
        'open_tree',
        'fsconfig',
        'fsopen',
        'fsmount',
        'move_mount',
        'mount_setattr',
      ].map((call) => [call, 'there']),
    ),
    cloneIntoCgroup: true,
    joinByPidfd: true,
    namespaces: ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'time', 'user', 'uts'],
    namespaceLimits: { user: 63_000, mnt: 63_000 },
    coveredProc: [],
  },
  caller: {
    uid: 0,
    name: 'root',
    inUserNamespace: false,
    lacking: [],
    unreachable: [],
    newuidmap: tool('newuidmap'),
    newgidmap: tool('newgidmap'),
    subuids: 0,
    subgids: 0,
    subidsElsewhere: false,
  },
  userNamespaces: { unprivilegedClone: true, apparmorRestricts: false },
  cgroups: {
    mode: 'v2',
    hierarchies: [
      {
        version: 2,
        controllers: ['cpuset', 'cpu', 'io', 'memory', 'hugetlb', 'pids', 'rdma'],
        mountpoint: '/sys/fs/cgroup',
        folder: '/sys/fs/cgroup',
        writable: true,
      },
    ],
    killFile: true,
  },
  serviceManager: { user: false, running: true, version: 257 },
  security: {
    libseccomp: '2.5.5',
    filters: true,
    notifications: true,
    apparmor: { enabled: true, takesProfiles: true, parser: '/usr/sbin/apparmor_parser' },
    selinux: 'enforcing',
  },
  criu: { path: '/usr/sbin/criu', version: '4.1' },
  resctrl: { offered: true, mountpoint: '/sys/fs/resctrl' },
  state: {
    path: '/run/runt',
    exists: false,
    nearest: '/run',
    writable: true,
    inMemory: true,
    readOnly: false,
    noexec: true,
    nodev: true,
    freeBytes: 300 << 20,
    freeFiles: 100_000,
  },
  clients: [
    {
      client: 'containerd',
      program: '/usr/bin/containerd',
      files: ['/etc/containerd/config.toml'],
      damaged: [],
      runtimes: [{ name: 'runt', path: '/usr/local/bin/runt', program: 'there' }],
      byDefault: 'runt',
    },
  ],
};
