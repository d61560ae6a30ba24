import { userNamespace } from '../../../src/bundle/rules/user-namespace.ts';
import { ruleTable, withNamespaces } from '../rule-table.ts';

const mappings = [{ containerID: 0, hostID: 1000, size: 1 }];

ruleTable(userNamespace, {
  accepted: [
    {},
    withNamespaces(['user'], { uidMappings: mappings, gidMappings: mappings }),
    { linux: { namespaces: [{ type: 'user', path: '/proc/1/ns/user' }] } },
    { linux: { uidMappings: [] } },
  ],
  refused: [
    [
      withNamespaces(['user']),
      'user-namespace-mappings /linux/uidMappings',
      'user-namespace-mappings /linux/gidMappings',
    ],
    [
      withNamespaces(['user'], { uidMappings: mappings, gidMappings: [] }),
      'user-namespace-mappings /linux/gidMappings',
    ],
    [
      withNamespaces(['pid'], { gidMappings: mappings }),
      'user-namespace-mappings /linux/gidMappings',
    ],
  ],
});
