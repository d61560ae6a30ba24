/**
 * A NUMA memory policy names nodes exactly when its mode takes some.
 */
import type { Finding } from '../../base/errors.ts';
import type { Config, MemoryPolicy } from '../config.ts';
import { finding } from '../finding.ts';

const nodesOf: Readonly<Record<MemoryPolicy['mode'], 'none' | 'some' | 'any'>> = {
  MPOL_DEFAULT: 'none',
  MPOL_LOCAL: 'none',
  MPOL_BIND: 'some',
  MPOL_INTERLEAVE: 'some',
  MPOL_WEIGHTED_INTERLEAVE: 'some',
  MPOL_PREFERRED_MANY: 'some',
  // without nodes it prefers the node of the CPU
  MPOL_PREFERRED: 'any',
};

export function memoryPolicy({ linux }: Config): Finding[] {
  const policy = linux?.memoryPolicy;
  if (policy === undefined) return [];
  const given = (policy.nodes ?? '').trim() === '' ? 'none' : 'some';
  const needed = nodesOf[policy.mode];
  if (needed === 'any' || needed === given) return [];
  return [
    finding({
      code: 'memory-policy-nodes',
      pointer: '/linux/memoryPolicy/nodes',
      value: policy.nodes,
      allowed:
        needed === 'none'
          ? `none: memory policy mode requires 0 nodes but got ${nodeCount(policy.nodes ?? '')}`
          : `a list of nodes: memory policy mode ${policy.mode} requires at least one node but got 0`,
      section: 'config-linux.md#memory-policy',
    }),
  ];
}

/** `0-3,7` → 5 */
function nodeCount(list: string): number {
  return list.split(',').reduce((sum, part) => {
    const [first = '', last = first] = part.trim().split('-');
    return first === '' ? sum : sum + Math.max(0, Number(last) - Number(first) + 1);
  }, 0);
}
