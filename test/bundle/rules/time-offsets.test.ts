import { timeOffsets } from '../../../src/bundle/rules/time-offsets.ts';
import { ruleTable, withNamespaces } from '../rule-table.ts';

ruleTable(timeOffsets, {
  accepted: [
    {},
    { linux: { timeOffsets: {} } },
    withNamespaces(['time'], { timeOffsets: { boottime: { secs: 1 } } }),
  ],
  refused: [
    [
      withNamespaces(['pid'], { timeOffsets: { monotonic: {} } }),
      'time-offsets-need-time /linux/timeOffsets',
    ],
    [
      {
        linux: {
          namespaces: [{ type: 'time', path: '/a' }],
          timeOffsets: { monotonic: { secs: 1 } },
        },
      },
      'time-offsets-need-time /linux/timeOffsets',
    ],
  ],
});
