import { expect, test } from 'vitest';
import { foldResourceNames } from '../../src/bundle/fold-names.ts';

const folded = (linux: object): unknown => {
  foldResourceNames(linux);
  return linux;
};

test('names are known in any case of letters, at every depth', () => {
  const linux = {
    Resources: {
      CPU: { SHARES: 1, realtimeruntime: 2 },
      Memory: { Limit: 3, disableoomkiller: true },
      BlockIO: { WeightDevice: [{ Major: 8, MINOR: 0, leafweight: 10 }] },
      HugepageLimits: [{ pagesize: '2MB', Limit: 4 }],
      DEVICES: [{ Allow: false, Access: 'rwm' }],
      Network: { classid: 5, Priorities: [{ Name: 'lo', PRIORITY: 6 }] },
      RDMA: { MLX5_1: { hcahandles: 7 } },
    },
  };
  expect(folded(linux)).toEqual({
    resources: {
      cpu: { shares: 1, realtimeRuntime: 2 },
      memory: { limit: 3, disableOOMKiller: true },
      blockIO: { weightDevice: [{ major: 8, minor: 0, leafWeight: 10 }] },
      hugepageLimits: [{ pageSize: '2MB', limit: 4 }],
      devices: [{ allow: false, access: 'rwm' }],
      network: { classID: 5, priorities: [{ name: 'lo', priority: 6 }] },
      rdma: { MLX5_1: { hcaHandles: 7 } },
    },
  });
});

test('the specification’s spelling wins over any other', () => {
  expect(folded({ resources: { CPU: { shares: 1 }, cpu: { shares: 2, SHARES: 3 } } })).toEqual({
    resources: { cpu: { shares: 2 } },
  });
});

test('an object in two spellings is one, as runc reads it', () => {
  expect(folded({ resources: { cpu: { shares: 2 }, CPU: { Cpus: '0', shares: 1 } } })).toEqual({
    resources: { cpu: { shares: 2, cpus: '0' } },
  });
});

test('names that are the user’s own stay', () => {
  const linux = {
    resources: {
      unified: { 'Memory.HIGH': '1', LIMIT: '2' },
      rdma: { Limit: { hcaObjects: 1 }, CPU: { hcaObjects: 2 } },
    },
  };
  const copy = structuredClone(linux);
  expect(folded(linux)).toEqual(copy);
});

test('names elsewhere in the Linux section stay', () => {
  const linux = { Devices: [], cgroupspath: '/x', Sysctl: { CPU: '1' } };
  const copy = structuredClone(linux);
  expect(folded(linux)).toEqual(copy);
});

test('what is unknown or of another type stays for the schema to see', () => {
  expect(folded({ resources: { Nosuch: 1, CPU: 'fast', Memory: null, rdma: { a: 1 } } })).toEqual({
    resources: { Nosuch: 1, cpu: 'fast', memory: null, rdma: { a: 1 } },
  });
  expect(folded({ resources: 7 })).toEqual({ resources: 7 });
  expect(folded({})).toEqual({});
});
