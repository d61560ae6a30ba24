import { expect, test } from 'vitest';
import { deviceFilter } from '../../../src/cgroup/plan/device-rules.ts';
import { deviceWritesV1 } from '../../../src/cgroup/plan/device-writes-v1.ts';

test('denied by default: deny all, then allow', () => {
  const writes = deviceWritesV1(deviceFilter([])).map(({ file, value }) => `${file} ${value}`);
  expect(writes).toEqual([
    'devices.deny a',
    'devices.allow b *:* m',
    'devices.allow c *:* m',
    'devices.allow c 1:3 rwm',
    'devices.allow c 1:5 rwm',
    'devices.allow c 1:7 rwm',
    'devices.allow c 1:8 rwm',
    'devices.allow c 1:9 rwm',
    'devices.allow c 5:0 rwm',
    'devices.allow c 5:2 rwm',
    'devices.allow c 10:200 rwm',
    'devices.allow c 136:* rwm',
  ]);
});

test('allowed by default: allow all, then deny', () => {
  const filter = deviceFilter([
    { allow: true, type: 'a' },
    { allow: false, type: 'b', major: 8, minor: 1, access: 'wr' },
  ]);
  expect(deviceWritesV1(filter)).toEqual([
    { file: 'devices.allow', value: 'a' },
    { file: 'devices.deny', value: 'b 8:1 rw' },
  ]);
});
