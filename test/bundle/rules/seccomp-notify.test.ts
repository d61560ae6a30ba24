import { seccompNotify } from '../../../src/bundle/rules/seccomp-notify.ts';
import { ruleTable } from '../rule-table.ts';

ruleTable(seccompNotify, {
  accepted: [
    {},
    {
      linux: {
        seccomp: {
          defaultAction: 'SCMP_ACT_ALLOW',
          syscalls: [
            { names: ['mknod'], action: 'SCMP_ACT_NOTIFY' },
            { names: ['write'], action: 'SCMP_ACT_ALLOW' },
          ],
        },
      },
    },
  ],
  refused: [
    [
      {
        linux: {
          seccomp: {
            defaultAction: 'SCMP_ACT_NOTIFY',
            syscalls: [{ names: ['read', 'write'], action: 'SCMP_ACT_NOTIFY' }],
          },
        },
      },
      'seccomp-notify /linux/seccomp/defaultAction',
      'seccomp-notify /linux/seccomp/syscalls/0/names/1',
    ],
  ],
});
