/**
 * linux.resources.rdma: config-linux.md#rdma.
 */
import type { RdmaLimit, Resources } from '../../../bundle/config.ts';
import { digits, type LimitRule, type LimitTarget } from './rule.ts';

function line(name: string, { hcaHandles, hcaObjects }: RdmaLimit): string {
  const handles = hcaHandles === undefined ? '' : ` hca_handle=${digits(hcaHandles)}`;
  const objects = hcaObjects === undefined ? '' : ` hca_object=${digits(hcaObjects)}`;
  return name + handles + objects;
}

const target: LimitTarget = {
  file: 'rdma.max',
  value: '`DEVICE hca_handle=N hca_object=N`',
  writes: ({ rdma = {} }: Resources) =>
    Object.entries(rdma).map(([name, limit]) => ({
      file: 'rdma.max',
      value: line(name, limit),
      line: { key: name, reset: `${name} hca_handle=max hca_object=max` },
    })),
};

export const rdmaRules: readonly LimitRule[] = [
  {
    property: 'rdma',
    controller: 'rdma',
    asked: ({ rdma }) => Object.keys(rdma ?? {}).length > 0,
    v1: target,
    v2: target,
  },
];
