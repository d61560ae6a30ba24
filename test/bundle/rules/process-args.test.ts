import { processArgs } from '../../../src/bundle/rules/process-args.ts';
import { processRuleTable } from '../rule-table.ts';

processRuleTable(processArgs, {
  accepted: [{ args: ['sh'] }, { args: ['sh', ''] }],
  refused: [
    [{ args: [] }, 'process-args /args'],
    [{ args: [''] }, 'process-args /args/0'],
  ],
});
