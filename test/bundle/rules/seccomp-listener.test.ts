import { seccompListener } from '../../../src/bundle/rules/seccomp-listener.ts';
import { ruleTable } from '../rule-table.ts';

ruleTable(seccompListener, {
  accepted: [
    {},
    {
      linux: {
        seccomp: { defaultAction: 'SCMP_ACT_ALLOW', listenerPath: '/a', listenerMetadata: 'b' },
      },
    },
    { linux: { seccomp: { defaultAction: 'SCMP_ACT_ALLOW', listenerPath: '/a' } } },
    {
      linux: {
        seccomp: {
          defaultAction: 'SCMP_ACT_ALLOW',
          listenerPath: '/a',
          syscalls: [{ names: ['mknod'], action: 'SCMP_ACT_NOTIFY' }],
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
            syscalls: [{ names: ['mknod'], action: 'SCMP_ACT_NOTIFY' }],
          },
        },
      },
      'seccomp-listener /linux/seccomp/listenerPath',
    ],
    [
      { linux: { seccomp: { defaultAction: 'SCMP_ACT_ALLOW', listenerMetadata: 'b' } } },
      'seccomp-listener /linux/seccomp/listenerMetadata',
    ],
  ],
});
