import { scheduler } from '../../../src/bundle/rules/scheduler.ts';
import { processRuleTable } from '../rule-table.ts';

processRuleTable(scheduler, {
  accepted: [
    {},
    { scheduler: { policy: 'SCHED_OTHER', nice: -20 } },
    { scheduler: { policy: 'SCHED_FIFO', priority: 5, nice: 99 } },
    { scheduler: { policy: 'SCHED_DEADLINE', runtime: 1, deadline: 2, period: 3 } },
    { scheduler: { policy: 'SCHED_IDLE', priority: 0, runtime: 0 } },
  ],
  refused: [
    [{ scheduler: { policy: 'SCHED_BATCH', nice: 20 } }, 'scheduler /scheduler/nice'],
    [
      { scheduler: { policy: 'SCHED_OTHER', nice: -21, priority: 1, runtime: 1, period: 1 } },
      'scheduler /scheduler/nice',
      'scheduler /scheduler/priority',
      'scheduler /scheduler/runtime',
      'scheduler /scheduler/period',
    ],
    [{ scheduler: { policy: 'SCHED_DEADLINE', priority: 1 } }, 'scheduler /scheduler/priority'],
  ],
});
