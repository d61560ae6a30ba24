import { processEnv } from '../../../src/bundle/rules/process-env.ts';
import { processRuleTable } from '../rule-table.ts';

processRuleTable(processEnv, {
  accepted: [{}, { env: [] }, { env: ['A=', 'B=b', 'C==c', 'A=2'] }],
  refused: [
    [
      { env: ['A', '=b', '', 'C=c'] },
      'process-env /env/0',
      'process-env /env/1',
      'process-env /env/2',
    ],
  ],
});
