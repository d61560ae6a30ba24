import { memoryPolicy } from '../../../src/bundle/rules/memory-policy.ts';
import { ruleTable } from '../rule-table.ts';

ruleTable(memoryPolicy, {
  accepted: [
    {},
    { linux: { memoryPolicy: { mode: 'MPOL_DEFAULT' } } },
    { linux: { memoryPolicy: { mode: 'MPOL_LOCAL', nodes: '' } } },
    { linux: { memoryPolicy: { mode: 'MPOL_BIND', nodes: '0-1' } } },
    { linux: { memoryPolicy: { mode: 'MPOL_PREFERRED' } } },
    { linux: { memoryPolicy: { mode: 'MPOL_PREFERRED', nodes: '0' } } },
  ],
  refused: [
    [
      { linux: { memoryPolicy: { mode: 'MPOL_DEFAULT', nodes: '0' } } },
      'memory-policy-nodes /linux/memoryPolicy/nodes',
    ],
    [
      { linux: { memoryPolicy: { mode: 'MPOL_INTERLEAVE' } } },
      'memory-policy-nodes /linux/memoryPolicy/nodes',
    ],
    [
      { linux: { memoryPolicy: { mode: 'MPOL_PREFERRED_MANY', nodes: ' ' } } },
      'memory-policy-nodes /linux/memoryPolicy/nodes',
    ],
  ],
});
