import { processCwd } from '../../../src/bundle/rules/process-cwd.ts';
import { processRuleTable } from '../rule-table.ts';

processRuleTable(processCwd, {
  accepted: [{ cwd: '/' }, { cwd: '/a/b' }],
  refused: [
    [{ cwd: '' }, 'process-cwd /cwd'],
    [{ cwd: 'a' }, 'process-cwd /cwd'],
  ],
});
