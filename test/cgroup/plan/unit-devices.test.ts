import { describe, expect, test } from 'vitest';
import { deviceFilter, type DeviceRule } from '../../../src/cgroup/plan/device-rules.ts';
import { unitDevices } from '../../../src/cgroup/plan/unit-devices.ts';

const denyAll: DeviceRule = { allow: false, access: 'rwm' };
const allowAll: DeviceRule = { allow: true, access: 'rwm' };
const rule = (type: string, major: number, minor: number, access = 'rwm'): DeviceRule => ({
  allow: true,
  type,
  major,
  minor,
  access,
});

const v2 = { cgroupVersion: 2, version: 257 } as const;
const v1 = { cgroupVersion: 1, version: 252 } as const;

const emptied = { name: 'DeviceAllow', signature: 'a(ss)', value: [] };
const policy = (value: string) => ({ name: 'DevicePolicy', signature: 's', value });

const usual = [
  ['block-*', 'm'],
  ['char-*', 'm'],
  ['/dev/char/1:3', 'rwm'],
  ['/dev/char/1:5', 'rwm'],
  ['/dev/char/1:7', 'rwm'],
  ['/dev/char/1:8', 'rwm'],
  ['/dev/char/1:9', 'rwm'],
  ['/dev/char/5:0', 'rwm'],
  ['/dev/char/5:2', 'rwm'],
  ['/dev/char/10:200', 'rwm'],
  ['char-136', 'rwm'],
];

const list = (value: readonly (readonly string[])[]) => ({ ...emptied, value });

describe('unitDevices', () => {
  test.each([v1, v2])('what every container may use, %j', (manager) => {
    expect(unitDevices(deviceFilter([denyAll]), manager)).toEqual({
      properties: [emptied, policy('strict'), list(usual)],
      unsaid: [],
    });
  });

  test('nodes, and all minors of a major', () => {
    const rules = [denyAll, rule('b', 8, 0, 'r'), rule('b', 259, -1, 'rw'), rule('c', 10, 229)];
    const { properties } = unitDevices(deviceFilter(rules), v2);
    expect(properties.at(-1)?.value).toEqual(
      expect.arrayContaining([
        ['/dev/block/8:0', 'r'],
        ['block-259', 'rw'],
        ['/dev/char/10:229', 'rwm'],
      ]),
    );
  });

  test.each([v1, v2])('everything: systemd filters nothing, %j', (manager) => {
    expect(unitDevices(deviceFilter([denyAll, allowAll]), manager)).toEqual({
      properties: [emptied, policy('auto')],
      unsaid: [],
    });
  });

  test('a minor of every major cannot be said: on v1 it is left out', () => {
    const odd = { type: 'c', major: '*', minor: 5, access: 6 };
    const { properties, unsaid } = unitDevices(deviceFilter([rule('c', -1, 5, 'rw')]), v1);
    expect(properties).toEqual([emptied, policy('strict'), list(usual)]);
    expect(unsaid).toEqual([odd]);
  });

  test('a minor of every major cannot be said: on v2 only our own program filters', () => {
    const { properties, unsaid } = unitDevices(deviceFilter([rule('c', -1, 5, 'rw')]), v2);
    expect(properties).toEqual([emptied, policy('auto')]);
    expect(unsaid).toHaveLength(1);
  });

  test('all but some cannot be said: nothing is allowed on v1, nothing filtered on v2', () => {
    const filter = deviceFilter([allowAll, { ...rule('b', 8, 0), allow: false }]);
    expect(unitDevices(filter, v1).properties).toEqual([emptied, policy('strict')]);
    expect(unitDevices(filter, v2).properties).toEqual([emptied, policy('auto')]);
    expect(unitDevices(filter, v2).unsaid).toEqual(filter.exceptions);
  });

  test('a systemd that does not know majors by number is not told of them', () => {
    const { properties, unsaid } = unitDevices(deviceFilter([denyAll]), { ...v1, version: 239 });
    expect(properties.at(-1)).toEqual(list(usual.slice(0, -1)));
    expect(unsaid).toMatchObject([{ type: 'c', major: 136, minor: '*' }]);
  });
});
