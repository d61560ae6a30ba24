import { mountBind } from '../../../src/bundle/rules/mount-bind.ts';
import { ruleTable } from '../rule-table.ts';

ruleTable(mountBind, {
  accepted: [
    {},
    { mounts: [{ destination: '/a', options: ['bind', 'remount', 'ro'] }] },
    {
      mounts: [
        { destination: '/a', source: '/b', options: ['rbind', 'ro', 'rprivate', ''] },
        { destination: '/t', type: 'tmpfs', options: ['size=1k'] },
      ],
    },
  ],
  refused: [
    [{ mounts: [{ destination: '/a', options: ['bind'] }] }, 'mount-bind-source /mounts/0/source'],
    [
      { mounts: [{ destination: '/a', source: 'b', options: ['bind', 'size=1k', 'ro', 'uid=0'] }] },
      'mount-bind-data /mounts/0/options/1',
      'mount-bind-data /mounts/0/options/3',
    ],
  ],
});
