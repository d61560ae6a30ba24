import { mountIdmap } from '../../../src/bundle/rules/mount-idmap.ts';
import { ruleTable, withNamespaces } from '../rule-table.ts';

const mappings = [{ containerID: 0, hostID: 1000, size: 1 }];

ruleTable(mountIdmap, {
  accepted: [
    {},
    {
      mounts: [
        {
          destination: '/a',
          options: ['bind', 'idmap'],
          uidMappings: mappings,
          gidMappings: mappings,
        },
      ],
    },
    { mounts: [{ destination: '/a', uidMappings: [], gidMappings: [] }] },
    { mounts: [{ destination: '/a', options: ['rbind', 'ridmap'] }], ...withNamespaces(['user']) },
  ],
  refused: [
    [
      { mounts: [{ destination: '/a', options: ['bind'], uidMappings: mappings }] },
      'mount-idmap-pair /mounts/0/gidMappings',
    ],
    [
      { mounts: [{ destination: '/a', options: ['bind', 'idmap'], gidMappings: mappings }] },
      'mount-idmap-pair /mounts/0/uidMappings',
    ],
    [
      {
        mounts: [
          { destination: '/a', type: 'tmpfs', uidMappings: mappings, gidMappings: mappings },
        ],
      },
      'mount-idmap-bind /mounts/0/options',
    ],
    [
      { mounts: [{ destination: '/a', options: ['bind', 'ridmap'] }] },
      'mount-idmap-source /mounts/0/uidMappings',
    ],
  ],
});
