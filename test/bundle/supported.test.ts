import { expect, test } from 'vitest';
import type { Config } from '../../src/bundle/config.ts';
import { defaultConfig } from '../../src/bundle/default-config.ts';
import {
  firstUnsupported,
  firstUnsupportedOfProcess,
  unsupportedProcessProperties,
  unsupportedProperties,
} from '../../src/bundle/supported.ts';
import { fullConfig } from './full-config.ts';

const base: Config = { ociVersion: '1.3.0', root: { path: 'rootfs' } };

test('the default config needs nothing that is missing', () => {
  expect(unsupportedProperties(defaultConfig({ cgroupV2: true }))).toEqual([]);
  expect(firstUnsupported(defaultConfig({ cgroupV2: false }))).toBeUndefined();
});

test('a config with everything names each gap', () => {
  expect(unsupportedProperties(fullConfig)).toEqual([
    '/process/apparmorProfile',
    '/process/selinuxLabel',
    '/process/scheduler',
    '/process/ioPriority',
    '/process/execCPUAffinity',
    '/mounts/1/uidMappings',
    '/mounts/1/gidMappings',
    '/mounts/1/options/1 (ridmap)',
    '/linux/namespaces/7/type (time)',
    '/linux/timeOffsets',
    '/linux/netDevices',
    '/linux/seccomp',
    '/linux/intelRdt',
    '/linux/memoryPolicy',
    '/linux/personality',
    '/linux/mountLabel',
    '/linux/resources/memory',
    '/linux/resources/memory/swappiness',
    '/linux/resources/cpu',
    '/linux/resources/pids',
    '/linux/resources/blockIO',
    '/linux/resources/hugepageLimits',
    '/linux/resources/network',
    '/linux/resources/rdma',
    '/linux/resources/unified',
  ]);
  expect(firstUnsupported(fullConfig)).toBe('/process/apparmorProfile');
});

test('a value that asks for nothing is no gap', () => {
  const config: Config = {
    ...base,
    process: { cwd: '/', apparmorProfile: '', execCPUAffinity: { initial: '' } },
    mounts: [{ destination: '/a', uidMappings: [], options: ['rbind'] }],
    linux: {
      mountLabel: '',
      timeOffsets: {},
      resources: {
        memory: { disableOOMKiller: false },
        cpu: { shares: 0 },
        blockIO: { weight: 0, weightDevice: [] },
        pids: {},
        unified: {},
      },
    },
  };
  expect(unsupportedProperties(config)).toEqual([]);
});

test.each([
  [{ pids: { limit: 0 } }, '/linux/resources/pids'],
  [{ memory: { swappiness: 0 } }, '/linux/resources/memory/swappiness'],
  [{ rdma: { a: { hcaHandles: 0 } } }, '/linux/resources/rdma'],
  [{ hugepageLimits: [{ pageSize: '2MB', limit: 0 }] }, '/linux/resources/hugepageLimits'],
])('zero asks for something in %j', (resources, gap) => {
  expect(unsupportedProperties({ ...base, linux: { resources } })).toEqual([gap]);
});

test('a process alone', () => {
  const process = {
    cwd: '/',
    selinuxLabel: 'a',
    ioPriority: { class: 'IOPRIO_CLASS_BE', priority: 0 },
  } as const;
  expect(unsupportedProcessProperties(process)).toEqual(['/selinuxLabel', '/ioPriority']);
  expect(firstUnsupportedOfProcess(process)).toBe('/selinuxLabel');
  expect(firstUnsupportedOfProcess({ cwd: '/' })).toBeUndefined();
});
