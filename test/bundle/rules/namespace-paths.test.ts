import { namespacePaths } from '../../../src/bundle/rules/namespace-paths.ts';
import { ruleTable } from '../rule-table.ts';

ruleTable(namespacePaths, {
  accepted: [
    {},
    { linux: { namespaces: [{ type: 'pid' }, { type: 'network', path: '/run/netns/a' }] } },
    // as runc has it: nothing
    { linux: { namespaces: [{ type: 'pid', path: '' }] } },
  ],
  refused: [
    [
      {
        linux: {
          namespaces: [
            { type: 'network', path: 'a' },
            { type: 'pid', path: './b' },
          ],
        },
      },
      'namespace-path /linux/namespaces/0/path',
      'namespace-path /linux/namespaces/1/path',
    ],
  ],
});
