import { expect, test } from 'vitest';
import type { Seccomp } from '../../src/bundle/config.ts';
import { RuntError } from '../../src/base/errors.ts';
import { exactProfile } from '../../src/seccomp/exact-values.ts';

function valuesOf(...values: string[]): (number | bigint)[] {
  const args = values.map((value) => `{"index": 0, "op": "SCMP_CMP_EQ", "value": ${value}}`);
  const text = `{
    "annotations": {"a\\"9999999999999999999": "[12345678901234567890, \\\\"},
    "linux": {"seccomp": {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
      {"names": ["read"], "action": "SCMP_ACT_ERRNO"},
      {"names": ["read"], "action": "SCMP_ACT_ERRNO", "args": [${args.join(', ')}]}
    ]}},
    "more": [1.2345678901234567, -12345678901234567, true, null, 1e300]
  }`;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the text above is of this form
  const { linux } = JSON.parse(text) as { linux: { seccomp: Seccomp } };
  return (exactProfile(linux.seccomp, text).syscalls?.[1]?.args ?? []).map(({ value }) => value);
}

test('values of up to 53 bits stay numbers, and the profile stays itself', () => {
  expect(valuesOf('0', '4294967295', '9007199254740991')).toEqual([
    0, 4294967295, 9007199254740991,
  ]);
  const profile: Seccomp = { defaultAction: 'SCMP_ACT_ALLOW' };
  expect(exactProfile(profile, 'not even read')).toBe(profile);
});

test('wider values are those of the text', () => {
  expect(valuesOf('1', '9007199254740993', '18446744073709551615', '18446744073709551600')).toEqual(
    [1, 9007199254740993n, 18446744073709551615n, 18446744073709551600n],
  );
  expect(valuesOf('1e19')).toEqual([10n ** 19n]);
});

test('a value of 65 bits, which rounding had hidden, is refused where it stands', () => {
  const error: unknown = (() => {
    try {
      return valuesOf('1', '18446744073709551616');
    } catch (caught) {
      return caught;
    }
  })();
  expect(error).toBeInstanceOf(RuntError);
  expect(error).toMatchObject({
    code: 'bundle-invalid',
    facts: { findings: [{ pointer: '/linux/seccomp/syscalls/1/args/1/value' }] },
  });
});
