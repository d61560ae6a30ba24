/** hugepageLimits, network, pids and rdma. */
import { expect, test } from 'vitest';
import type { Resources } from '../../../../src/bundle/config.ts';
import { askedOf, writtenFor } from '../../../support/limit-writes.ts';

const table: readonly (readonly [Resources, v1: readonly string[], v2: readonly string[]])[] = [
  [{ hugepageLimits: [], network: {}, rdma: {}, pids: {} }, [], []],
  [
    {
      hugepageLimits: [
        { pageSize: '2MB', limit: 0 },
        { pageSize: '1GB', limit: 2 ** 53 },
      ],
    },
    [
      'hugetlb.2MB.limit_in_bytes 0',
      'hugetlb.2MB.rsvd.limit_in_bytes 0 (optional)',
      'hugetlb.1GB.limit_in_bytes 9007199254740992',
      'hugetlb.1GB.rsvd.limit_in_bytes 9007199254740992 (optional)',
    ],
    [
      'hugetlb.2MB.max 0',
      'hugetlb.2MB.rsvd.max 0 (optional)',
      'hugetlb.1GB.max 9007199254740992',
      'hugetlb.1GB.rsvd.max 9007199254740992 (optional)',
    ],
  ],
  [{ network: { classID: 0, priorities: [] } }, [], []],
  [{ network: { classID: 4_294_967_295 } }, ['net_cls.classid 4294967295'], []],
  [
    {
      network: {
        priorities: [
          { name: 'eth0', priority: 0 },
          { name: 'eth1', priority: 1000 },
        ],
      },
    },
    ['net_prio.ifpriomap eth0 0', 'net_prio.ifpriomap eth1 1000'],
    [],
  ],
  // 0 is a limit: the container's own process is there, so that 1 says the same
  [{ pids: { limit: 0 } }, ['pids.max 1'], ['pids.max 1']],
  [{ pids: { limit: -1 } }, ['pids.max max'], ['pids.max max']],
  [{ pids: { limit: -7 } }, ['pids.max max'], ['pids.max max']],
  [{ pids: { limit: 4_194_304 } }, ['pids.max 4194304'], ['pids.max 4194304']],
  [
    { rdma: { mlx5_1: { hcaHandles: 3 } } },
    ['rdma.max mlx5_1 hca_handle=3'],
    ['rdma.max mlx5_1 hca_handle=3'],
  ],
  [
    { rdma: { a: { hcaHandles: 0, hcaObjects: 10_000 }, b: { hcaObjects: 1 } } },
    ['rdma.max a hca_handle=0 hca_object=10000', 'rdma.max b hca_object=1'],
    ['rdma.max a hca_handle=0 hca_object=10000', 'rdma.max b hca_object=1'],
  ],
];

test.each(table)('%j', (resources, v1, v2) => {
  expect(writtenFor(resources)).toEqual({ v1, v2 });
});

test.each<readonly [Resources, readonly string[]]>([
  [
    { hugepageLimits: [], network: { classID: 0, priorities: [] }, rdma: {}, pids: { limit: -1 } },
    [],
  ],
  [
    {
      hugepageLimits: [{ pageSize: '2MB', limit: 0 }],
      network: { classID: 1, priorities: [{ name: 'lo', priority: 0 }] },
      rdma: { a: { hcaHandles: 1 } },
      pids: { limit: 0 },
    },
    ['hugepageLimits', 'network.classID', 'network.priorities', 'rdma', 'pids.limit'],
  ],
])('a host has to have what %j asks for', (resources, properties) => {
  expect(askedOf(resources)).toEqual(properties);
});
