import { describe, expect, test } from 'vitest';
import { accessText } from '../../../src/cgroup/plan/device-access.ts';
import {
  allowsEverything,
  deviceFilter,
  type DeviceRule,
} from '../../../src/cgroup/plan/device-rules.ts';
import { isRuntError } from '../../../src/base/errors.ts';

const always = [
  'b *:* m',
  'c *:* m',
  'c 1:3 rwm',
  'c 1:5 rwm',
  'c 1:7 rwm',
  'c 1:8 rwm',
  'c 1:9 rwm',
  'c 5:0 rwm',
  'c 5:2 rwm',
  'c 10:200 rwm',
  'c 136:* rwm',
];

function exceptions(rules: readonly DeviceRule[]): readonly string[] {
  return deviceFilter(rules).exceptions.map(
    ({ type, major, minor, access }) => `${type} ${major}:${minor} ${accessText(access)}`,
  );
}

function refusals(rules: readonly DeviceRule[]): readonly string[] {
  try {
    deviceFilter(rules);
  } catch (error) {
    if (!isRuntError(error, 'bundle-invalid')) throw error;
    return error.facts.findings.map(({ code, pointer }) => `${code} ${pointer}`);
  }
  return [];
}

const denyAll: DeviceRule = { allow: false, access: 'rwm' };
const allowAll: DeviceRule = { allow: true, type: 'a', access: 'rwm' };

describe('deviceFilter', () => {
  test.each([
    ['no rules at all', []],
    ['everything denied', [denyAll]],
    [
      'a rule of type a forgets what was before',
      [{ allow: true, type: 'c', major: 1, minor: 1, access: 'r' }, denyAll],
    ],
    [
      'allowed and taken back',
      [
        { allow: true, type: 'b', major: 8, minor: 0, access: 'rw' },
        { allow: false, type: 'b', major: 8, minor: 0, access: 'rwm' },
      ],
    ],
    [
      'denied where nothing was allowed',
      [{ allow: false, type: 'b', major: 8, minor: 0, access: 'rwm' }],
    ],
  ] as const)("%s: runc's list remains", (_, rules) => {
    expect(deviceFilter(rules).defaultAllow).toBe(false);
    expect(exceptions(rules)).toEqual(always);
  });

  test('ways of use add up and are taken back one by one', () => {
    const rule = { type: 'b', major: 8, minor: 0 } as const;
    const text = exceptions([
      { ...rule, allow: true, access: 'mr' },
      { ...rule, allow: true, access: 'w' },
      { ...rule, allow: false, access: 'm' },
    ]);
    expect(text).toContain('b 8:0 rw');
  });

  test('the letter of the type `a` is no way of use, and no fault either: configs for runc have it', () => {
    const rule = { type: 'b', major: 8, minor: 0, allow: true } as const;
    expect(exceptions([{ ...rule, access: 'rwa' }])).toContain('b 8:0 rw');
    expect(refusals([{ ...rule, access: 'a' }])).toEqual([
      'device-access /linux/resources/devices/0/access',
    ]);
  });

  test('-1 and an absent number are every number', () => {
    const text = exceptions([
      { allow: true, type: 'b', major: 8, minor: -1, access: 'r' },
      { allow: true, type: 'b', minor: 3, access: 'w' },
    ]);
    expect(text).toEqual([
      'b *:* m',
      'c *:* m',
      'b *:3 w',
      ...always.slice(2, 7),
      'c 5:0 rwm',
      'c 5:2 rwm',
      'b 8:* r',
      'c 10:200 rwm',
      'c 136:* rwm',
    ]);
  });

  test('everything allowed: what is always allowed is no exception', () => {
    const filter = deviceFilter([allowAll]);
    expect(allowsEverything(filter)).toBe(true);
    expect(allowsEverything(deviceFilter([denyAll]))).toBe(false);
  });

  test('everything allowed but a few; what is always allowed wins over a denial before it', () => {
    const rules: DeviceRule[] = [
      allowAll,
      { allow: false, type: 'b', major: 8, access: 'w' },
      { allow: false, type: 'c', major: 1, minor: 3, access: 'rwm' },
    ];
    expect(deviceFilter(rules).defaultAllow).toBe(true);
    expect(exceptions(rules)).toEqual(['b 8:* w']);
  });

  test.each([
    [
      'a hole in an allowed range',
      [
        { allow: true, type: 'c', major: 5, access: 'rw' },
        { allow: false, type: 'c', major: 5, minor: 1, access: 'w' },
      ],
      ['device-hole /linux/resources/devices/1'],
    ],
    [
      'a hole for what is always allowed',
      [allowAll, { allow: false, type: 'c', major: 10, access: 'rwm' }],
      ['device-hole /linux/resources/devices'],
    ],
    [
      'a type',
      [{ allow: true, type: 'p', access: 'r' }],
      ['device-type /linux/resources/devices/0/type'],
    ],
    [
      'an access',
      [
        { allow: true, type: 'c', access: 'rx' },
        { allow: true, type: 'c' },
      ],
      [
        'device-access /linux/resources/devices/0/access',
        'device-access /linux/resources/devices/1/access',
      ],
    ],
    [
      'a number',
      [{ allow: true, type: 'c', major: -2, minor: 2 ** 32, access: 'r' }],
      [
        'device-number /linux/resources/devices/0/major',
        'device-number /linux/resources/devices/0/minor',
      ],
    ],
  ] as const)('refuses %s', (_, rules, expected) => {
    expect(refusals(rules)).toEqual(expected);
  });

  test('a narrower rule for other ways of use is no hole', () => {
    expect(
      refusals([
        { allow: true, type: 'c', major: 5, access: 'r' },
        { allow: false, type: 'c', major: 5, minor: 1, access: 'w' },
      ]),
    ).toEqual([]);
  });
});
