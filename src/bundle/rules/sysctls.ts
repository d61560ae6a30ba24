/**
 * A kernel parameter is set only where a namespace of the container holds it; any other would be the host's.
 *
 * The list is runc's. Names come with dots, or with slashes where a part itself has a dot (net/ipv4/conf/eth0.1/rp_filter).
 */
import type { Finding } from '../../base/errors.ts';
import type { Config } from '../config.ts';
import { below, finding } from '../finding.ts';
import { hasNamespace } from '../namespaces.ts';

const ipcParameters: ReadonlySet<string> = new Set(
  ['msgmax', 'msgmnb', 'msgmni', 'sem', 'shmall', 'shmmax', 'shmmni', 'shm_rmid_forced'].map(
    (name) => `kernel/${name}`,
  ),
);

export function sysctls(config: Config): Finding[] {
  return Object.entries(config.linux?.sysctl ?? {}).flatMap(([name, value]) => {
    const problem = problemOf(name, config);
    if (problem === undefined) return [];
    const [code, allowed] = problem;
    const pointer = below('/linux/sysctl', name);
    return finding({ code, pointer, value, allowed, section: 'config-linux.md#sysctl' });
  });
}

function problemOf(
  name: string,
  config: Config,
): readonly [code: string, allowed: string] | undefined {
  const parts = partsOf(name);
  const path = parts.join('/');
  const quoted = JSON.stringify(name);
  // such a part would lead out of the folder that the first one names
  if (parts.length < 2 || parts.some((part) => part === '' || part === '.' || part === '..')) {
    return ['sysctl-name', 'a name such as net.ipv4.ip_forward'];
  }
  if (ipcParameters.has(path) || path.startsWith('fs/mqueue/')) {
    return hasNamespace(config, 'ipc')
      ? undefined
      : [
          'sysctl-needs-ipc',
          `an ipc namespace: sysctl ${quoted} is not allowed in the hosts ipc namespace`,
        ];
  }
  if (parts[0] === 'net') {
    return hasNamespace(config, 'network')
      ? undefined
      : [
          'sysctl-needs-network',
          `a network namespace: sysctl ${quoted} not allowed in host network namespace`,
        ];
  }
  if (parts[0] === 'user') {
    return hasNamespace(config, 'user')
      ? undefined
      : [
          'sysctl-needs-user',
          'a user namespace: setting ucounts without a user namespace not allowed',
        ];
  }
  if (path === 'kernel/domainname') {
    return hasNamespace(config, 'uts')
      ? undefined
      : [
          'sysctl-needs-uts',
          `a uts namespace: sysctl ${quoted} is not allowed in the host uts namespace`,
        ];
  }
  if (path === 'kernel/hostname') {
    return [
      'sysctl-hostname',
      `the property hostname: sysctl ${quoted} is not allowed as it conflicts with the OCI "hostname" field`,
    ];
  }
  return [
    'sysctl-not-namespaced',
    `a parameter that belongs to a namespace: sysctl ${quoted} is not in a separate kernel namespace`,
  ];
}

/** The first separator decides which one separates. */
function partsOf(name: string): string[] {
  const first = /[./]/.exec(name)?.[0] ?? '.';
  const parts = name.split(first);
  return first === '/' ? parts : parts.map((part) => part.replaceAll('/', '.'));
}
