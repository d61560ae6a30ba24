import { rlimitDuplicates } from '../../../src/bundle/rules/rlimit-duplicates.ts';
import { processRuleTable } from '../rule-table.ts';

processRuleTable(rlimitDuplicates, {
  accepted: [
    {},
    {
      rlimits: [
        { type: 'RLIMIT_NOFILE', soft: 1, hard: 1 },
        { type: 'RLIMIT_CORE', soft: 1, hard: 1 },
      ],
    },
  ],
  refused: [
    [
      {
        rlimits: [
          { type: 'RLIMIT_NOFILE', soft: 1, hard: 1 },
          { type: 'RLIMIT_NOFILE', soft: 2, hard: 2 },
        ],
      },
      'rlimit-duplicate /rlimits/1/type',
    ],
  ],
});
