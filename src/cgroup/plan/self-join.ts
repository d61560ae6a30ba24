/**
 * How a process with a single thread puts itself into a container's cgroups.
 *
 * The kernel stops all forks and exits of the host while it moves a process, which waits for a grace
 * period of RCU: 7 to 15 ms on a machine at rest. It spares this for a thread that moves itself (a
 * `0` written to v1's `tasks`, 0.3 ms for nine hierarchies), and for a process that is born inside
 * (clone3 with CLONE_INTO_CGROUP), which is v2's way. Kernels before 5.7 have only the slow one there.
 */
import { type CgroupPlacement, isScope } from './placement.ts';

export interface SelfJoin {
  /** The v2 directory for CLONE_INTO_CGROUP, where there is one and the kernel can do that. */
  readonly cloneInto?: string;
  /** Files of the other hierarchies, each to receive `value` from the process itself, before it has a second thread. */
  readonly files: readonly string[];
  readonly value: '0';
}

export function selfJoin(
  { directories }: CgroupPlacement,
  { cloneIntoCgroup }: { readonly cloneIntoCgroup: boolean },
): SelfJoin {
  const unified = directories.find(({ version }) => version === 2);
  const tasks = (ofFreezer: boolean) =>
    directories
      .filter(({ version }) => version === 1)
      .filter(({ controllers }) => controllers.includes('freezer') === ofFreezer)
      .map(({ path }) => `${path}/tasks`);
  const isBorn = unified !== undefined && cloneIntoCgroup;
  const rest = unified === undefined || isBorn ? [] : [`${unified.path}/cgroup.procs`];
  return {
    ...(isBorn && { cloneInto: unified.path }),
    // a paused container's freezer stops whoever joins it: it is the last
    files: [...tasks(false), ...rest, ...tasks(true)],
    value: '0',
  };
}

/** The same for a container's first process: systemd moves it into a scope, and only its own hierarchies know of that. */
export function firstJoin(
  placement: CgroupPlacement,
  { cloneIntoCgroup }: { readonly cloneIntoCgroup: boolean },
): SelfJoin {
  if (!isScope(placement)) return selfJoin(placement, { cloneIntoCgroup });
  if (placement.mode === 'v2') return { files: [], value: '0' };
  return selfJoin(placement, { cloneIntoCgroup: false });
}
