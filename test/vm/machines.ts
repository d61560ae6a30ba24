/**
 * The machines: which Debian each is made of, and what its kernel is told.
 */

export interface Machine {
  readonly name: MachineName;
  /** Debian's release. */
  readonly suite: string;
  /** One line, for people. */
  readonly is: string;
  readonly packages: readonly string[];
  /** Words for mmdebstrap. */
  readonly options: readonly string[];
  /** Words for the kernel's command line. */
  readonly kernel: readonly string[];
}

export const machineNames = ['trixie', 'bookworm', 'forky'] as const;
export type MachineName = (typeof machineNames)[number];

const packages = [
  'linux-image-cloud-amd64',
  'systemd',
  'systemd-sysv',
  'dbus',
  'udev',
  // what the tests run beside runt: other runtimes to compare with, and tools
  'runc',
  'crun',
  'busybox-static',
  // what test/clients runs
  'containerd',
  'containernetworking-plugins',
  'strace',
  'apparmor',
  'apparmor-utils',
  'uidmap',
  'procps',
  'iproute2',
  'util-linux',
  'python3-minimal',
  // what the engine and Node load
  'libseccomp2',
  'libsystemd0',
  'libstdc++6',
];

/** What test/clients runs besides containerd, which all have: with systemd, of each release its own. */
const engines = ['docker.io', 'podman', 'conmon', 'catatonit', 'buildah', 'iptables'];

export const machines: { readonly [N in MachineName]: Machine & { readonly name: N } } = {
  trixie: {
    name: 'trixie',
    suite: 'trixie',
    is: 'Debian 13: systemd, cgroup v2, AppArmor',
    packages: [...packages, ...engines, 'docker-cli'],
    options: [],
    kernel: ['apparmor=1', 'security=apparmor'],
  },
  bookworm: {
    name: 'bookworm',
    suite: 'bookworm',
    is: 'Debian 12: systemd, every cgroup v1 controller',
    packages: [...packages, ...engines],
    options: [],
    kernel: ['systemd.unified_cgroup_hierarchy=0', 'systemd.legacy_systemd_cgroup_controller=1'],
  },
  forky: {
    name: 'forky',
    suite: 'forky',
    is: 'the next Debian: the newest kernel',
    packages,
    // its release files are dated for days
    options: ['--aptopt=Acquire::Check-Valid-Until "false"'],
    kernel: [],
  },
};

export const isMachineName = (word: string): word is MachineName =>
  (machineNames as readonly string[]).includes(word);
