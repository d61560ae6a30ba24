/**
 * The kernel: its calls, its namespaces, and whether runt-init can be started on it.
 */
import { type Check, fail, isRootless, listed, note, ok, warn } from './check.ts';
import type { HostFacts, SystemFacts } from './facts.ts';

export const judgeKernel = (facts: HostFacts): readonly Check[] => [
  judgeCalls(facts.system),
  judgeImage(facts.system),
  judgeNamespaces(facts),
  ...(isRootless(facts) ? [judgeProc(facts.system)] : []),
];

/** What stands on each call, for those who have not read a manual page. */
const abilities: readonly {
  readonly name: string;
  readonly calls: readonly string[];
  /** What is lost without it; absent: runt does the same by older calls. */
  readonly loss?: string;
}[] = [
  { name: 'pidfd', calls: ['pidfd_open', 'pidfd_send_signal'] },
  { name: 'pidfd_getfd', calls: ['pidfd_getfd'], loss: "seccomp's agents" },
  { name: 'clone3', calls: ['clone3'] },
  { name: 'openat2', calls: ['openat2'] },
  { name: 'close_range', calls: ['close_range'] },
  { name: 'mount API', calls: ['open_tree', 'fsconfig', 'fsopen', 'fsmount', 'move_mount'] },
  {
    name: 'id-mapped mounts',
    calls: ['mount_setattr'],
    loss: 'id-mapped mounts, and recursive flags such as rro',
  },
];

function judgeCalls(system: SystemFacts): Check {
  const { release, calls } = system;
  const without = (state: 'absent' | 'refused') =>
    abilities.filter((ability) => ability.calls.some((call) => calls[call] === state));
  const [absent, refused] = [without('absent'), without('refused')];
  const hit = [...absent, ...refused];
  const who =
    refused.length > 0 ? 'a filter around this process refuses' : `Linux ${release} lacks`;
  const what = `${who} ${listed(hit.map(({ name }) => name))}`;
  if (hit.some(({ name }) => name === 'pidfd'))
    return fail(
      'kernel',
      `${what}: a signal could reach the wrong process`,
      refused.length > 0
        ? "let the outer container's seccomp profile allow the calls"
        : 'use Linux 5.3 or newer',
    );
  const losses = hit.flatMap(({ loss }) => loss ?? []);
  if (losses.length > 0)
    return warn(
      'kernel',
      `${what}: there are no ${listed(losses)}; the rest is done by older calls`,
    );
  const some = [
    ...hit.map(({ name }) => name),
    ...(system.cloneIntoCgroup ? [] : ['birth in a cgroup']),
    ...(system.joinByPidfd ? [] : ['setns by pidfd']),
  ];
  if (some.length > 0)
    return note('kernel', `Linux ${release}: older calls stand in for ${listed(some)}`);
  return ok(
    'kernel',
    `Linux ${release} has all that runt uses: ${listed(abilities.map(({ name }) => name))}`,
  );
}

function judgeImage({ imageRefused }: SystemFacts): Check {
  return imageRefused === undefined
    ? ok('runt-init', 'can be started from sealed memory')
    : fail(
        'runt-init',
        `cannot be started from memory: memfd_create fails with ${imageRefused}`,
        'sysctl -w vm.memfd_noexec=1',
      );
}

const essential = ['mnt', 'pid', 'ipc', 'uts', 'net'];
const optional = ['user', 'cgroup', 'time'];

function judgeNamespaces({ system }: HostFacts): Check {
  const { namespaces, namespaceLimits } = system;
  const none = (kinds: readonly string[]) =>
    kinds.filter((kind) => !namespaces.includes(kind) || namespaceLimits[kind] === 0);
  const todo = [...essential, ...optional].flatMap((kind) =>
    namespaces.includes(kind) && namespaceLimits[kind] === 0
      ? [`sysctl -w user.max_${kind}_namespaces=${usualLimit}`]
      : [],
  );
  const [needed, others] = [none(essential), none(optional)];
  if (needed.length > 0)
    return fail('namespaces', `of these kinds there are none: ${listed(needed)}`, ...todo);
  if (others.length > 0)
    return warn('namespaces', `configs that ask for these are refused: ${listed(others)}`, ...todo);
  return ok('namespaces', namespaces.join(' '));
}

/** Of the order of what kernels set by themselves. */
const usualLimit = 15_000;

/** The kernel makes no new procfs in a user namespace from which more could be seen than in the one that is there. */
function judgeProc({ coveredProc }: SystemFacts): Check {
  const [first, ...rest] = coveredProc;
  if (first === undefined)
    return ok('procfs', 'nothing lies over /proc, so containers can have their own');
  const which = rest.length === 0 ? first : `${first} and ${rest.length} more`;
  return warn(
    'procfs',
    `mounts lie over parts of /proc (${which}): the kernel refuses a procfs of a container's own`,
    'start the outer container with all of /proc (docker: --security-opt systempaths=unconfined)',
  );
}
