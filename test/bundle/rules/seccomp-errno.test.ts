import { seccompErrno } from '../../../src/bundle/rules/seccomp-errno.ts';
import { ruleTable } from '../rule-table.ts';

ruleTable(seccompErrno, {
  accepted: [
    {},
    {
      linux: {
        seccomp: {
          defaultAction: 'SCMP_ACT_ERRNO',
          defaultErrnoRet: 38,
          syscalls: [
            { names: ['a'], action: 'SCMP_ACT_TRACE', errnoRet: 1 },
            { names: ['b'], action: 'SCMP_ACT_ALLOW' },
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
            defaultAction: 'SCMP_ACT_ALLOW',
            defaultErrnoRet: 1,
            syscalls: [{ names: ['a'], action: 'SCMP_ACT_KILL', errnoRet: 0 }],
          },
        },
      },
      'seccomp-errno /linux/seccomp/defaultErrnoRet',
      'seccomp-errno /linux/seccomp/syscalls/0/errnoRet',
    ],
  ],
});
