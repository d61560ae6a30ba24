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
  ],
  refused: [
    [
      { linux: { seccomp: { defaultAction: 'SCMP_ACT_ALLOW', listenerMetadata: 'b' } } },
      'seccomp-listener /linux/seccomp/listenerMetadata',
    ],
  ],
});
