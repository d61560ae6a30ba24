import { expect, test } from 'vitest';
import type { Resources } from '../../../src/bundle/config.ts';
import { mergeResources } from '../../../src/cgroup/plan/merge-resources.ts';

const device = { major: 8, minor: 0 };

const table: readonly (readonly [what: string, Resources, Resources, Resources])[] = [
  ['nothing changes nothing', { memory: { limit: 1 } }, {}, { memory: { limit: 1 } }],
  [
    'what is not named stays',
    { memory: { limit: 1, reservation: 2 }, pids: { limit: 3 } },
    { memory: { reservation: 5 } },
    { memory: { limit: 1, reservation: 5 }, pids: { limit: 3 } },
  ],
  [
    'a limit on both goes with an unlimited memory',
    { memory: { limit: 10, swap: 20 } },
    { memory: { limit: -1 } },
    { memory: { limit: -1, swap: 0 } },
  ],
  [
    'unless it is given anew',
    { memory: { limit: 10, swap: 20 } },
    { memory: { limit: -1, swap: 50 } },
    { memory: { limit: -1, swap: 50 } },
  ],
  [
    'the check before is for one time',
    { memory: { limit: 1, checkBeforeUpdate: true } },
    { memory: { limit: 2 } },
    { memory: { limit: 2 } },
  ],
  [
    'a weight goes when the container becomes idle',
    { cpu: { shares: 512, period: 9 } },
    { cpu: { idle: 1 } },
    { cpu: { idle: 1, period: 9 } },
  ],
  [
    'a weight ends being idle',
    { cpu: { idle: 1 } },
    { cpu: { shares: 512 } },
    { cpu: { idle: 0, shares: 512 } },
  ],
  [
    'both stay when both are named',
    { cpu: {} },
    { cpu: { idle: 1, shares: 512 } },
    { cpu: { idle: 1, shares: 512 } },
  ],
  [
    'an entry of a list replaces that of the same device',
    { blockIO: { weight: 10, throttleReadBpsDevice: [{ ...device, rate: 1 }] } },
    {
      blockIO: {
        throttleReadBpsDevice: [
          { ...device, rate: 2 },
          { major: 8, minor: 1, rate: 3 },
        ],
      },
    },
    {
      blockIO: {
        weight: 10,
        throttleReadBpsDevice: [
          { ...device, rate: 2 },
          { major: 8, minor: 1, rate: 3 },
        ],
      },
    },
  ],
  [
    'weights of devices, too',
    { blockIO: { weightDevice: [{ ...device, weight: 10 }] } },
    { blockIO: { weightDevice: [{ major: 9, minor: 0, weight: 20 }] } },
    {
      blockIO: {
        weightDevice: [
          { ...device, weight: 10 },
          { major: 9, minor: 0, weight: 20 },
        ],
      },
    },
  ],
  [
    'huge pages by their size',
    { hugepageLimits: [{ pageSize: '2MB', limit: 1 }] },
    {
      hugepageLimits: [
        { pageSize: '1GB', limit: 2 },
        { pageSize: '2MB', limit: 3 },
      ],
    },
    {
      hugepageLimits: [
        { pageSize: '2MB', limit: 3 },
        { pageSize: '1GB', limit: 2 },
      ],
    },
  ],
  [
    'rdma by its device',
    { rdma: { a: { hcaHandles: 1 } } },
    { rdma: { b: { hcaObjects: 2 } } },
    { rdma: { a: { hcaHandles: 1 }, b: { hcaObjects: 2 } } },
  ],
  [
    'the device rules stay as they are',
    { devices: [{ allow: false }] },
    { devices: [{ allow: true }], pids: { limit: 1 } },
    { devices: [{ allow: false }], pids: { limit: 1 } },
  ],
  [
    'files of v2 by their names',
    { unified: { 'memory.high': '1', 'cpu.weight': '5' } },
    { unified: { 'memory.high': '2' } },
    { unified: { 'memory.high': '2', 'cpu.weight': '5' } },
  ],
  [
    'a property takes the place of the file that says the same',
    { unified: { 'memory.max': '1', 'memory.high': '2' } },
    { memory: { limit: 3 } },
    { memory: { limit: 3 }, unified: { 'memory.high': '2' } },
  ],
  [
    'a weight by its file ends being idle',
    { unified: { 'cpu.idle': '1', 'memory.high': '2' } },
    { unified: { 'cpu.weight': '8' } },
    { unified: { 'cpu.idle': '0', 'cpu.weight': '8', 'memory.high': '2' } },
  ],
  [
    'however that was said',
    { cpu: { idle: 1 } },
    { unified: { 'cpu.weight': '8' } },
    { cpu: { idle: 1 }, unified: { 'cpu.idle': '0', 'cpu.weight': '8' } },
  ],
  [
    'and shares do, too',
    { unified: { 'cpu.idle': '1' } },
    { cpu: { shares: 512 } },
    { cpu: { idle: 0, shares: 512 }, unified: {} },
  ],
  [
    'a weight goes when the file says idle',
    { cpu: { shares: 512 }, unified: { 'cpu.weight': '8' } },
    { unified: { 'cpu.idle': '1' } },
    { cpu: {}, unified: { 'cpu.idle': '1' } },
  ],
  [
    'priorities by their interface, beside the class',
    { network: { classID: 1, priorities: [{ name: 'a', priority: 1 }] } },
    {
      network: {
        priorities: [
          { name: 'b', priority: 2 },
          { name: 'a', priority: 3 },
        ],
      },
    },
    {
      network: {
        classID: 1,
        priorities: [
          { name: 'a', priority: 3 },
          { name: 'b', priority: 2 },
        ],
      },
    },
  ],
];

test.each(table)('%s', (_what, before, asked, merged) => {
  const copies = structuredClone([before, asked]);
  expect(mergeResources(before, asked)).toEqual(merged);
  expect([before, asked]).toEqual(copies);
});
