import { restrictedPaths } from '../../../src/bundle/rules/restricted-paths.ts';
import { ruleTable, withNamespaces } from '../rule-table.ts';

ruleTable(restrictedPaths, {
  accepted: [
    {},
    { linux: { maskedPaths: [], readonlyPaths: [] } },
    withNamespaces(['mount'], { maskedPaths: ['/a'], readonlyPaths: ['/b'] }),
  ],
  refused: [
    [
      withNamespaces(['mount'], { maskedPaths: ['/a', 'b'], readonlyPaths: [''] }),
      'restricted-path-absolute /linux/maskedPaths/1',
      'restricted-path-absolute /linux/readonlyPaths/0',
    ],
    [
      withNamespaces(['pid'], { maskedPaths: ['/a'], readonlyPaths: ['/b'] }),
      'restricted-path-needs-mount /linux/maskedPaths',
      'restricted-path-needs-mount /linux/readonlyPaths',
    ],
  ],
});
