import { expect, test } from 'vitest';
import type { Resources } from '../../../../src/bundle/config.ts';
import { limitRules } from '../../../../src/cgroup/plan/limits/index.ts';
import { askedOf, writtenFor } from '../../../support/limit-writes.ts';

type BlockIo = NonNullable<Resources['blockIO']>;

const device = { major: 8, minor: 16 };

const table: readonly (readonly [BlockIo, v1: readonly string[], v2: readonly string[]])[] = [
  [{}, [], []],
  [{ weight: 0, leafWeight: 0, weightDevice: [], throttleReadBpsDevice: [] }, [], []],
  [{ weight: 10 }, ['blkio.bfq.weight 10 | blkio.weight 10'], ['io.bfq.weight 10 | io.weight 1']],
  [
    { weight: 1000 },
    ['blkio.bfq.weight 1000 | blkio.weight 1000'],
    ['io.bfq.weight 1000 | io.weight 10000'],
  ],
  [{ leafWeight: 300 }, ['blkio.leaf_weight 300'], []],
  [
    { weightDevice: [{ ...device, weight: 500 }] },
    ['blkio.bfq.weight_device 8:16 500 | blkio.weight_device 8:16 500'],
    ['io.bfq.weight 8:16 500 | io.weight 8:16 4950'],
  ],
  [{ weightDevice: [{ ...device, leafWeight: 20 }] }, ['blkio.leaf_weight_device 8:16 20'], []],
  [{ weightDevice: [{ ...device, weight: 0 }] }, [], []],
  [
    { throttleReadBpsDevice: [{ ...device, rate: 1024 }] },
    ['blkio.throttle.read_bps_device 8:16 1024'],
    ['io.max 8:16 rbps=1024'],
  ],
  [
    { throttleWriteBpsDevice: [{ ...device, rate: 2 ** 40 }] },
    ['blkio.throttle.write_bps_device 8:16 1099511627776'],
    ['io.max 8:16 wbps=1099511627776'],
  ],
  [
    { throttleReadIOPSDevice: [{ ...device, rate: 3 }] },
    ['blkio.throttle.read_iops_device 8:16 3'],
    ['io.max 8:16 riops=3'],
  ],
  // 0 takes a limit back
  [
    { throttleWriteIOPSDevice: [{ ...device, rate: 0 }] },
    ['blkio.throttle.write_iops_device 8:16 0'],
    ['io.max 8:16 wiops=max'],
  ],
  [
    {
      throttleReadBpsDevice: [
        { ...device, rate: 1 },
        { major: 259, minor: 1_048_575, rate: 2 },
      ],
    },
    ['blkio.throttle.read_bps_device 8:16 1', 'blkio.throttle.read_bps_device 259:1048575 2'],
    ['io.max 8:16 rbps=1', 'io.max 259:1048575 rbps=2'],
  ],
];

test.each(table)('%j', (blockIO, v1, v2) => {
  expect(writtenFor({ blockIO })).toEqual({ v1, v2 });
});

test('each device’s line can be taken back by itself', () => {
  const blockIO: BlockIo = {
    weightDevice: [{ ...device, weight: 500, leafWeight: 20 }],
    throttleReadBpsDevice: [{ ...device, rate: 1 }],
  };
  const resets = (version: 'v1' | 'v2') =>
    limitRules
      .flatMap((rule) => rule[version]?.writes({ blockIO }) ?? [])
      .map(({ file, line }) => `${file} ${line?.key} → ${line?.reset}`);
  expect(resets('v1')).toEqual([
    'blkio.bfq.weight_device 8:16 → 8:16 0',
    'blkio.leaf_weight_device 8:16 → 8:16 0',
    'blkio.throttle.read_bps_device 8:16 → 8:16 0',
  ]);
  expect(resets('v2')).toEqual([
    'io.bfq.weight 8:16 → 8:16 default',
    'io.max 8:16 → 8:16 rbps=max',
  ]);
});

test.each<readonly [BlockIo, readonly string[]]>([
  [{ weight: 0, leafWeight: 0, weightDevice: [], throttleReadBpsDevice: [] }, []],
  [
    { weight: 10, leafWeight: 10, weightDevice: [{ ...device, weight: 1, leafWeight: 1 }] },
    [
      'blockIO.weight',
      'blockIO.leafWeight',
      'blockIO.weightDevice',
      'blockIO.weightDevice.leafWeight',
    ],
  ],
  [
    {
      throttleReadBpsDevice: [{ ...device, rate: 1 }],
      throttleWriteBpsDevice: [{ ...device, rate: 1 }],
      throttleReadIOPSDevice: [{ ...device, rate: 1 }],
      throttleWriteIOPSDevice: [{ ...device, rate: 1 }],
    },
    [
      'blockIO.throttleReadBpsDevice',
      'blockIO.throttleWriteBpsDevice',
      'blockIO.throttleReadIOPSDevice',
      'blockIO.throttleWriteIOPSDevice',
    ],
  ],
])('a host has to have what %j asks for', (blockIO, properties) => {
  expect(askedOf({ blockIO })).toEqual(properties);
});
