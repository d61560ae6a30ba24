/**
 * The filter of system calls. Whatever comes after it is filtered, so it comes last: after the start gate, the signals
 * and the descriptors. What is left is `execve`, the calls of startContainer hooks, which are to run under it, and,
 * where an agent is asked, `write` and `read` on the handshake socket. A profile has to allow no more than that.
 *
 * Without noNewPrivileges the kernel wants CAP_SYS_ADMIN for it, at a place where the process has long become the
 * user. So CAP_SYS_ADMIN stays permitted beside the container's own capabilities, out of effect until this step. It
 * need not be given up afterwards: execve(2) computes the capabilities of the program (and of a hook) from the
 * inheritable, bounding and ambient sets alone, never from what was permitted before. Giving up rights first and
 * filtering first, as runc does, would ask of every profile to allow capset, setuid, chdir and a dozen more.
 */
import { capabilityBits } from './capability.ts';
import type { ProcessInput } from './input.ts';
import type { Draft } from './plan.ts';

const origin = 'linux.seccomp';
const sysAdmin = capabilityBits(['CAP_SYS_ADMIN']);
const sysAdminNumber = 21;
const mostInstructions = 4096;
const unprivileged = 'a filter needs CAP_SYS_ADMIN, or process.noNewPrivileges';

const needsPrivilege = ({ filter, process }: ProcessInput): boolean =>
  filter !== undefined && process.noNewPrivileges !== true;

/** What has to stay permitted until the filter is loaded. */
export const keptForFilter = (input: ProcessInput): bigint =>
  needsPrivilege(input) ? sysAdmin : 0n;

export function addFilter(draft: Draft, input: ProcessInput): void {
  const { filter } = input;
  if (filter === undefined) return;
  if (needsPrivilege(input))
    draft.add(
      'use CAP_SYS_ADMIN for the filter',
      { kind: 'raiseCapability', capability: sysAdminNumber },
      { origin, explain: { EPERM: unprivileged } },
    );
  const length = filter.program.length / 2;
  draft.add(
    'filter system calls',
    { kind: 'seccomp', flags: filter.flags, program: filter.program },
    {
      origin,
      explain: {
        EACCES: unprivileged,
        EBUSY: 'another filter of this process has a listener already',
        EINVAL:
          length > mostInstructions
            ? `the filter has ${length} instructions, and the kernel takes ${mostInstructions}`
            : 'the kernel does not know one of the flags',
      },
    },
  );
}
