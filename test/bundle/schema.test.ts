import { expect, test } from 'vitest';
import type { Finding } from '../../src/base/errors.ts';
import { defaultConfig } from '../../src/bundle/default-config.ts';
import { checkConfigSchema, checkProcessSchema } from '../../src/bundle/schema.ts';
import { fullConfig } from './full-config.ts';

const valid = defaultConfig({ cgroupV2: true });

function findingsOf(document: unknown): readonly Finding[] {
  const checked = checkConfigSchema(document);
  return checked.sound ? [] : checked.findings;
}

test.each(['1.0.0', '1.0.2-dev', '1.1.0', '1.2.0', '1.2.1', '1.3.0'])('takes %s', (ociVersion) => {
  expect(findingsOf({ ...valid, ociVersion })).toEqual([]);
});

test('takes a document that uses every property', () => {
  expect(findingsOf(fullConfig)).toEqual([]);
});

test('takes unknown properties and the sections of other platforms', () => {
  const other = { windows: { a: 1 }, solaris: {}, vm: {}, zos: {}, freebsd: {}, news: [1] };
  const linux = { ...valid.linux, news: 1, intelRdt: { enableCMT: true, enableMBM: true } };
  expect(findingsOf({ ...valid, ...other, linux })).toEqual([]);
});

test('takes the largest numbers that callers write', () => {
  const text = `{"ociVersion":"1.0.0","root":{"path":"a"},"process":{"cwd":"/","rlimits":
    [{"type":"RLIMIT_CORE","soft":18446744073709551615,"hard":18446744073709551615}]},
    "linux":{"resources":{"memory":{"limit":9223372036854775807,"swap":-1}}}}`;
  expect(findingsOf(JSON.parse(text))).toEqual([]);
});

interface Refusal {
  readonly change: object;
  readonly expected: Partial<Finding>;
}

const refusals: readonly Refusal[] = [
  {
    change: { root: undefined },
    expected: {
      code: 'schema/required',
      pointer: '/root',
      found: 'nothing',
      allowed: 'required',
      section: 'config.md#root',
    },
  },
  {
    change: { hostname: 5 },
    expected: {
      code: 'schema/type',
      pointer: '/hostname',
      found: '5',
      allowed: 'a string of at most 64 characters',
      section: 'config.md#hostname',
    },
  },
  {
    change: { hostname: 'a'.repeat(65) },
    expected: { code: 'schema/maxLength', found: `"${'a'.repeat(58)}…` },
  },
  {
    change: { mounts: [{ destination: '/a' }, { type: 1 }] },
    expected: {
      code: 'schema/required',
      pointer: '/mounts/1/destination',
      section: 'config.md#mounts',
    },
  },
  {
    change: { process: { cwd: '/', user: { uid: 4294967296, gid: 0 } } },
    expected: {
      code: 'schema/maximum',
      pointer: '/process/user/uid',
      found: '4294967296',
      allowed: 'an integer from 0 to 4294967295',
      section: 'config.md#posix-platform-user',
    },
  },
  {
    change: { process: { cwd: '/', user: { uid: -1.5, gid: 0 } } },
    expected: { code: 'schema/type', pointer: '/process/user/uid', found: '-1.5' },
  },
  {
    change: { process: { cwd: '/', rlimits: [{ type: 'NOFILE', soft: 2 ** 70, hard: 1 }] } },
    expected: { code: 'schema/enum', pointer: '/process/rlimits/0/type', found: '"NOFILE"' },
  },
  {
    change: { linux: { namespaces: [{ type: 'utz' }] } },
    expected: {
      code: 'schema/enum',
      pointer: '/linux/namespaces/0/type',
      allowed: 'one of "pid", "network", "mount", "ipc", "uts", "user", "cgroup", "time"',
      section: 'config-linux.md#namespaces',
    },
  },
  {
    change: { linux: { sysctl: { 'net/a': 1 } } },
    expected: {
      code: 'schema/type',
      pointer: '/linux/sysctl/net~1a',
      allowed: 'a string',
      section: 'config-linux.md#sysctl',
    },
  },
  {
    change: { linux: { resources: { cpu: { cpus: '0-' } } } },
    expected: {
      code: 'schema/pattern',
      allowed: 'numbers and ranges separated by commas, such as 0-3,7',
      section: 'config-linux.md#cpu',
    },
  },
  {
    change: { linux: { resources: { cpu: { shares: -1 } } } },
    expected: { code: 'schema/minimum', allowed: 'an integer from 0 to 2^64 - 1' },
  },
  {
    change: { linux: { timeOffsets: { realtime: {} } } },
    expected: {
      code: 'schema/additionalProperties',
      pointer: '/linux/timeOffsets/realtime',
      found: '{}',
      allowed: 'only the clocks monotonic and boottime',
    },
  },
  {
    change: {
      linux: {
        seccomp: {
          defaultAction: 'SCMP_ACT_LOG',
          syscalls: [{ names: [], action: 'SCMP_ACT_LOG' }],
        },
      },
    },
    expected: {
      code: 'schema/minItems',
      pointer: '/linux/seccomp/syscalls/0/names',
      found: '[]',
      allowed: 'at least one name',
    },
  },
  {
    change: { annotations: [] },
    expected: { code: 'schema/type', found: '[]', allowed: 'an object' },
  },
];

test.each(refusals)('refuses $change', ({ change, expected }) => {
  expect(findingsOf({ ...valid, ...change })[0]).toMatchObject(expected);
});

test.each([[null], [[]], ['a'], [1]])('refuses %j as a document', (document) => {
  expect(findingsOf(document)).toEqual([
    expect.objectContaining({ code: 'schema/type', pointer: '', allowed: 'an object' }),
  ]);
});

test('reports every fault at once, and one for each place', () => {
  const findings = findingsOf({
    hostname: 1,
    linux: { namespaces: [{}, { type: -1 }] },
    process: 2,
  });
  expect(findings.map(({ pointer }) => pointer).sort()).toEqual([
    '/hostname',
    '/linux/namespaces/0/type',
    '/linux/namespaces/1/type',
    '/ociVersion',
    '/process',
    '/root',
  ]);
});

test('a process alone is checked as in the config, with pointers from itself', () => {
  expect(checkProcessSchema(valid.process)).toEqual({ sound: true, value: valid.process });
  expect(checkProcessSchema({ cwd: '/', user: { uid: 'a', gid: 0 } })).toMatchObject({
    sound: false,
    findings: [{ pointer: '/user/uid', section: 'config.md#posix-platform-user' }],
  });
});

test('the default config is checked in far less than a millisecond', () => {
  for (let warm = 0; warm < 200; warm++) checkConfigSchema(valid);
  const rounds = 1000;
  const start = performance.now();
  for (let round = 0; round < rounds; round++) checkConfigSchema(valid);
  expect((performance.now() - start) / rounds).toBeLessThan(0.5);
});
