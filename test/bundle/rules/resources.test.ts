import type { Resources } from '../../../src/bundle/config.ts';
import { resources } from '../../../src/bundle/rules/resources.ts';
import { ruleTable } from '../rule-table.ts';

const limits = (given: Resources) => ({ linux: { resources: given } });

ruleTable(resources, {
  accepted: [
    {},
    { linux: { resources: {} } },
    limits({ cpu: { quota: -1, burst: 5 } }),
    limits({ cpu: { quota: 5, burst: 5 } }),
    limits({ memory: { limit: 5, swap: 5 } }),
    limits({ memory: { limit: 5, swap: -1 } }),
    limits({ memory: { limit: -1, swap: 4 } }),
    limits({ unified: { 'memory.high': '5', 'hugetlb.2MB.max': '0' } }),
    limits({ blockIO: { weightDevice: [{ major: 8, minor: 0, leafWeight: 10 }] } }),
    limits({ rdma: { a: { hcaObjects: 0 } } }),
  ],
  refused: [
    [limits({ cpu: { quota: 5, burst: 6 } }), 'cpu-burst /linux/resources/cpu/burst'],
    [limits({ memory: { limit: 5, swap: 4 } }), 'memory-swap /linux/resources/memory/swap'],
    [
      limits({ blockIO: { weightDevice: [{ major: 8, minor: 0 }] } }),
      'block-io-weight /linux/resources/blockIO/weightDevice/0',
    ],
    [limits({ memory: { swap: 4 } }), 'memory-swap /linux/resources/memory/swap'],
    [limits({ unified: { 'a/b.c': '' } }), 'unified /linux/resources/unified/a~1b.c'],
    [limits({ unified: { memory: '' } }), 'unified /linux/resources/unified/memory'],
    [limits({ rdma: { a: {} } }), 'rdma-limit /linux/resources/rdma/a'],
  ],
});
