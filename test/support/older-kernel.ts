/**
 * The executable on a kernel that lacks the newer system calls, or in an outer container whose filter refuses them:
 * lacking.c makes them fail.
 */
import { lacking } from './probe.ts';
import { executable, type RuntimeUnderTest } from './runtimes.ts';

/** Their numbers are the same on every architecture. */
export const newerCalls = {
  open_tree: 428,
  move_mount: 429,
  fsopen: 430,
  fsconfig: 431,
  fsmount: 432,
  clone3: 435,
  close_range: 436,
  openat2: 437,
  mount_setattr: 442,
} as const;
export type NewerCall = keyof typeof newerCalls;

const errnos = { ENOSYS: 38, EPERM: 1 } as const;

export const allNewerCalls: readonly NewerCall[] = [
  'open_tree',
  'move_mount',
  'fsopen',
  'fsconfig',
  'fsmount',
  'clone3',
  'close_range',
  'openat2',
  'mount_setattr',
];

export function onOlderKernel(
  calls: readonly NewerCall[] = allNewerCalls,
  errno: keyof typeof errnos = 'ENOSYS',
): RuntimeUnderTest {
  const which = calls.length === allNewerCalls.length ? 'the newer calls' : calls.join(' and ');
  const numbers = calls.map((call) => newerCalls[call]).join(',');
  return {
    name: `${executable.name} without ${which} (${errno})`,
    path: executable.path,
    through: [lacking(), String(errnos[errno]), numbers],
  };
}
