import { rlimitOrder } from '../../../src/bundle/rules/rlimit-order.ts';
import { processRuleTable } from '../rule-table.ts';

processRuleTable(rlimitOrder, {
  accepted: [
    {},
    {
      rlimits: [
        { type: 'RLIMIT_NOFILE', soft: 1, hard: 1 },
        { type: 'RLIMIT_CORE', soft: 0, hard: 2 ** 64 },
      ],
    },
  ],
  refused: [
    [{ rlimits: [{ type: 'RLIMIT_NOFILE', soft: 2, hard: 1 }] }, 'rlimit-order /rlimits/0/soft'],
  ],
});
