import { annotations } from '../../../src/bundle/rules/annotations.ts';
import { ruleTable } from '../rule-table.ts';

ruleTable(annotations, {
  accepted: [{}, { annotations: {} }, { annotations: { a: '' } }],
  refused: [[{ annotations: { '': 'a' } }, 'annotation-name /annotations/']],
});
