import { namespaceDuplicates } from '../../../src/bundle/rules/namespace-duplicates.ts';
import { ruleTable, withNamespaces } from '../rule-table.ts';

ruleTable(namespaceDuplicates, {
  accepted: [{}, withNamespaces(['pid', 'uts'])],
  refused: [
    [withNamespaces(['pid', 'uts', 'pid']), 'namespace-duplicate /linux/namespaces/2/type'],
  ],
});
