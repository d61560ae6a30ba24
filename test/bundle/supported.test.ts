import { expect, test } from 'vitest';
import type { Config } from '../../src/bundle/config.ts';
import { defaultConfig } from '../../src/bundle/default-config.ts';
import { firstUnsupported, unsupportedProperties } from '../../src/bundle/supported.ts';
import { fullConfig } from './full-config.ts';

const base: Config = { ociVersion: '1.3.0', root: { path: 'rootfs' } };

test('the default config needs nothing that is missing', () => {
  expect(unsupportedProperties(defaultConfig({ cgroupV2: true }))).toEqual([]);
  expect(firstUnsupported(defaultConfig({ cgroupV2: false }))).toBeUndefined();
});

test('a config with everything names each gap', () => {
  expect(unsupportedProperties(fullConfig)).toEqual([
    '/linux/resources/memory',
    '/linux/resources/memory/swappiness',
    '/linux/resources/cpu',
    '/linux/resources/pids/limit',
    '/linux/resources/blockIO',
    '/linux/resources/hugepageLimits',
    '/linux/resources/network',
    '/linux/resources/rdma',
    '/linux/resources/unified',
  ]);
  expect(firstUnsupported(fullConfig)).toBe('/linux/resources/memory');
});

test('a value that asks for nothing is no gap', () => {
  const config: Config = {
    ...base,
    linux: {
      mountLabel: '',
      resources: {
        memory: { disableOOMKiller: false },
        cpu: { shares: 0 },
        blockIO: { weight: 0, weightDevice: [] },
        pids: { limit: -1 },
        unified: {},
      },
    },
  };
  expect(unsupportedProperties(config)).toEqual([]);
});

test.each([
  [{ pids: { limit: 0 } }, '/linux/resources/pids/limit'],
  [{ memory: { swappiness: 0 } }, '/linux/resources/memory/swappiness'],
  [{ rdma: { a: { hcaHandles: 0 } } }, '/linux/resources/rdma'],
  [{ hugepageLimits: [{ pageSize: '2MB', limit: 0 }] }, '/linux/resources/hugepageLimits'],
])('zero asks for something in %j', (resources, gap) => {
  expect(unsupportedProperties({ ...base, linux: { resources } })).toEqual([gap]);
});
