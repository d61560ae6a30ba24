/**
 * What `runt spec` writes: a shell with few rights on a read-only root, in namespaces of its own.
 *
 * The document is runc's, key by key and byte by byte, but for the host name where it is not asked for.
 */
import type { Config, Mount, Namespace } from './config.ts';

const capabilities = ['CAP_AUDIT_WRITE', 'CAP_KILL', 'CAP_NET_BIND_SERVICE'];

export interface DefaultConfigHost {
  /** Whether the host has only cgroup v2, where a container can have a cgroup namespace. */
  readonly cgroupV2: boolean;
  /** The user, when it is for one who is not root. */
  readonly user?: { readonly uid: number; readonly gid: number };
  readonly hostname?: string;
}

export function defaultConfig({ cgroupV2, user, hostname = 'runt' }: DefaultConfigHost): Config {
  const config = rootful(cgroupV2, hostname);
  return user === undefined ? config : rootless(config, user);
}

function rootful(cgroupV2: boolean, hostname: string): Config {
  return {
    ociVersion: '1.3.0',
    process: {
      terminal: true,
      user: { uid: 0, gid: 0 },
      args: ['sh'],
      env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'TERM=xterm'],
      cwd: '/',
      capabilities: { bounding: capabilities, effective: capabilities, permitted: capabilities },
      rlimits: [{ type: 'RLIMIT_NOFILE', hard: 1024, soft: 1024 }],
      noNewPrivileges: true,
    },
    root: { path: 'rootfs', readonly: true },
    hostname,
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc' },
      {
        destination: '/dev',
        type: 'tmpfs',
        source: 'tmpfs',
        options: ['nosuid', 'strictatime', 'mode=755', 'size=65536k'],
      },
      {
        destination: '/dev/pts',
        type: 'devpts',
        source: 'devpts',
        options: ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620', 'gid=5'],
      },
      {
        destination: '/dev/shm',
        type: 'tmpfs',
        source: 'shm',
        options: ['nosuid', 'noexec', 'nodev', 'mode=1777', 'size=65536k'],
      },
      {
        destination: '/dev/mqueue',
        type: 'mqueue',
        source: 'mqueue',
        options: ['nosuid', 'noexec', 'nodev'],
      },
      {
        destination: '/sys',
        type: 'sysfs',
        source: 'sysfs',
        options: ['nosuid', 'noexec', 'nodev', 'ro'],
      },
      {
        destination: '/sys/fs/cgroup',
        type: 'cgroup',
        source: 'cgroup',
        options: ['nosuid', 'noexec', 'nodev', 'relatime', 'ro'],
      },
    ],
    linux: {
      resources: { devices: [{ allow: false, access: 'rwm' }] },
      namespaces: namespaces(cgroupV2),
      maskedPaths: [
        '/proc/acpi',
        '/proc/asound',
        '/proc/kcore',
        '/proc/keys',
        '/proc/latency_stats',
        '/proc/timer_list',
        '/proc/timer_stats',
        '/proc/sched_debug',
        '/sys/firmware',
        '/proc/scsi',
      ],
      readonlyPaths: ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'],
    },
  };
}

/** The document as `spec` writes it: indented with tabs, without a last line break. */
export function defaultConfigText(host: DefaultConfigHost): string {
  return JSON.stringify(defaultConfig(host), undefined, '\t');
}

/** What a user may do alone: be root of a namespace of one id, on the host's network, with the host's /sys. */
function rootless(config: Config, { uid, gid }: { uid: number; gid: number }): Config {
  const { resources: _, namespaces: all = [], ...linux } = config.linux ?? {};
  const shared = (type: string) => type === 'network' || type === 'user';
  return {
    ...config,
    mounts: (config.mounts ?? []).map(rootlessMount),
    linux: {
      uidMappings: [{ containerID: 0, hostID: uid, size: 1 }],
      gidMappings: [{ containerID: 0, hostID: gid, size: 1 }],
      namespaces: [...all.filter(({ type }) => !shared(type)), { type: 'user' }],
      ...linux,
    },
  };
}

/** Only the owner of a network namespace may mount its sysfs; ids that are not mapped cannot be given. */
function rootlessMount(mount: Mount): Mount {
  if (mount.destination === '/sys')
    return {
      destination: '/sys',
      type: 'none',
      source: '/sys',
      options: ['rbind', 'nosuid', 'noexec', 'nodev', 'ro'],
    };
  if (mount.options === undefined) return mount;
  return { ...mount, options: mount.options.filter((option) => !/^[ug]id=/.test(option)) };
}

function namespaces(cgroupV2: boolean): Namespace[] {
  const types: Namespace['type'][] = ['pid', 'network', 'ipc', 'uts', 'mount'];
  if (cgroupV2) types.push('cgroup');
  return types.map((type) => ({ type }));
}
