/**
 * Cgroups: how they are mounted, what can be limited, who may make them, and the service manager that may do it for us.
 */
import { type Check, fail, isRootless, listed, note, ok, warn } from './check.ts';
import type { CgroupFacts, HostFacts } from './facts.ts';

export const judgeCgroups = (facts: HostFacts): readonly Check[] => [
  judgeTree(facts),
  ...(mayLimit(facts) ? [judgeControllers(facts.cgroups)] : []),
  ...(isRootless(facts) ? [] : [judgeDevices(facts.cgroups)]),
  judgeServiceManager(facts),
];

/** Which limits there are is of no interest to a user who may set none. */
const mayLimit = ({ cgroups: { hierarchies } }: HostFacts): boolean =>
  hierarchies.length > 0 && hierarchies.every(({ writable }) => writable);

const modes: Readonly<Record<CgroupFacts['mode'], string>> = {
  none: 'none',
  v1: 'version 1',
  hybrid: 'version 1, with a version 2 tree beside it',
  v2: 'version 2',
};

function judgeTree(facts: HostFacts): Check {
  const { mode, hierarchies, killFile } = facts.cgroups;
  if (hierarchies.length === 0)
    return warn(
      'cgroups',
      'none are mounted: no limits, statistics, pause or device filter',
      'mount -t cgroup2 none /sys/fs/cgroup',
    );
  const closed = hierarchies.filter(({ writable }) => !writable).map(({ folder }) => folder);
  if (closed.length > 0 && isRootless(facts)) return closedToUser(facts, closed);
  if (closed.length > 0)
    return fail(
      'cgroups',
      `${modes[mode]}, and no cgroups can be made in ${listed(closed)}`,
      'mount -o remount,rw the tree, or start the outer container with writable cgroups',
      'or go without limits: runt --cgroup-manager disabled',
    );
  const slow =
    mode === 'v2' && killFile === false
      ? '; no cgroup.kill, so processes are killed one by one'
      : '';
  return ok('cgroups', modes[mode] + slow);
}

function closedToUser({ cgroups, serviceManager }: HostFacts, closed: readonly string[]): Check {
  const { mode } = cgroups;
  const says = `${modes[mode]}, and not yours to change (${listed(closed.slice(0, 1))}): containers go without, and limits are refused`;
  if (mode !== 'v2') return note('cgroups', `${says}; only version 2 can be delegated to a user`);
  return serviceManager.running && serviceManager.problem === undefined
    ? note('cgroups', `${says} unless your systemd makes the cgroups`, 'runt --systemd-cgroup …')
    : warn(
        'cgroups',
        says,
        'have systemd start it in a delegated scope: systemd-run --user --scope -p Delegate=yes runt …',
      );
}

/** What limits can be asked for, by the controller that carries them. */
const main = ['cpu', 'cpuset', 'memory', 'pids', 'io'];
const others = ['hugetlb', 'rdma'];

function judgeControllers({ mode, hierarchies }: CgroupFacts): Check {
  const found = hierarchies
    .flatMap(({ controllers }) => controllers)
    .filter((name) => !name.includes('='));
  const has = (name: string) => found.includes(name) || (name === 'io' && found.includes('blkio'));
  const missing = main.filter((name) => !has(name));
  const shown = found.length === 0 ? 'none' : found.join(' ');
  if (missing.length > 0)
    return warn(
      'controllers',
      `${shown}; limits that need ${listed(missing)} are refused`,
      mode === 'v2'
        ? `echo "${missing.map((name) => `+${name}`).join(' ')}" > cgroup.subtree_control of the cgroup above`
        : 'start the kernel without cgroup_disable, and mount the missing hierarchies',
    );
  const rest = others.filter((name) => !has(name));
  return ok('controllers', rest.length === 0 ? shown : `${shown} (without ${listed(rest)})`);
}

function judgeDevices({ mode, hierarchies, deviceProgramRefused }: CgroupFacts): Check {
  if (mode !== 'v2') {
    const byList = hierarchies.some(({ controllers }) => controllers.includes('devices'));
    if (byList) return ok('device-filter', 'by the devices controller');
  }
  if (deviceProgramRefused !== undefined)
    return warn(
      'device-filter',
      `the kernel takes no device program (${deviceProgramRefused}): a container with device rules is refused`,
      'use a kernel with CONFIG_CGROUP_BPF, and a runtime with CAP_BPF or CAP_SYS_ADMIN',
    );
  return ok('device-filter', 'by programs (eBPF)');
}

function judgeServiceManager({ serviceManager }: HostFacts): Check {
  const { user, running, version, problem } = serviceManager;
  const whose = user ? 'your systemd' : 'systemd';
  if (!running) return note('systemd', `${whose} does not run here: --systemd-cgroup is refused`);
  if (problem !== undefined)
    return warn(
      'systemd',
      `${whose} runs and cannot be reached: ${problem}`,
      user
        ? 'set XDG_RUNTIME_DIR, or log in by loginctl enable-linger'
        : 'install libsystemd, and see to /run/systemd/private',
    );
  return ok('systemd', `${version ?? ''} can be reached: --systemd-cgroup works`.trimStart());
}
