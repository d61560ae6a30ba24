import { describe, expect, test } from 'vitest';
import type { Seccomp, SyscallArg } from '../../src/bundle/config.ts';
import { actionNumber, recipeOf } from '../../src/seccomp/recipe.ts';

const x64 = 'SCMP_ARCH_X86_64';
const recipe = (profile: Seccomp) => recipeOf(profile, x64);
const mkdir = (changes: object = {}): Seccomp => ({
  defaultAction: 'SCMP_ACT_ALLOW',
  syscalls: [{ names: ['mkdir'], action: 'SCMP_ACT_ERRNO', ...changes }],
});

test.each([
  ['SCMP_ACT_KILL', undefined, 0],
  ['SCMP_ACT_KILL_THREAD', undefined, 0],
  ['SCMP_ACT_KILL_PROCESS', undefined, 0x8000_0000],
  ['SCMP_ACT_TRAP', undefined, 0x3_0000],
  ['SCMP_ACT_ERRNO', undefined, 0x5_0001],
  ['SCMP_ACT_ERRNO', 38, 0x5_0026],
  ['SCMP_ACT_ERRNO', 0, 0x5_0000],
  ['SCMP_ACT_TRACE', undefined, 0x7ff0_0001],
  ['SCMP_ACT_TRACE', 7, 0x7ff0_0007],
  ['SCMP_ACT_LOG', undefined, 0x7ffc_0000],
  ['SCMP_ACT_ALLOW', undefined, 0x7fff_0000],
  ['SCMP_ACT_NOTIFY', undefined, 0x7fc0_0000],
] as const)('%s with %s', (action, errno, expected) => {
  expect(actionNumber(action, errno)).toBe(expected);
});

test('a rule for each name, with the place it comes from', () => {
  const { rules, names } = recipe({
    defaultAction: 'SCMP_ACT_ERRNO',
    syscalls: [
      { names: ['read'], action: 'SCMP_ACT_ALLOW' },
      { names: ['mkdir', 'rmdir'], action: 'SCMP_ACT_KILL' },
    ],
  });
  expect(rules.map(({ place, name, action }) => [place, name, action])).toEqual([
    [0, 'read', 0x7fff_0000],
    [1, 'mkdir', 0],
    [1, 'rmdir', 0],
  ]);
  expect(names).toEqual(['read', 'mkdir', 'rmdir']);
});

test('a rule that says what the default says is left out, and its name still counts', () => {
  const same = recipe({ ...mkdir({ errnoRet: 1 }), defaultAction: 'SCMP_ACT_ERRNO' });
  expect(same).toMatchObject({ rules: [], names: ['mkdir'] });
  expect(recipe({ ...mkdir({ errnoRet: 2 }), defaultAction: 'SCMP_ACT_ERRNO' }).rules).toHaveLength(
    1,
  );
});

test('comparisons of different arguments hold together; of one argument they are alternatives', () => {
  const arg = (
    index: number,
    op: SyscallArg['op'],
    value: number,
    valueTwo?: number,
  ): SyscallArg => ({
    index,
    op,
    value,
    ...(valueTwo !== undefined && { valueTwo }),
  });
  const of = (...args: SyscallArg[]) =>
    recipe(mkdir({ args })).rules.map((rule) => rule.comparisons);
  expect(of(arg(0, 'SCMP_CMP_EQ', 5), arg(1, 'SCMP_CMP_MASKED_EQ', 0xf0, 0x10))).toEqual([
    [
      { index: 0, operator: 4, a: 5n, b: 0n },
      { index: 1, operator: 7, a: 0xf0n, b: 0x10n },
    ],
  ]);
  expect(of(arg(0, 'SCMP_CMP_LT', 5), arg(0, 'SCMP_CMP_GT', 9), arg(1, 'SCMP_CMP_NE', 1))).toEqual([
    [{ index: 0, operator: 2, a: 5n, b: 0n }],
    [{ index: 0, operator: 6, a: 9n, b: 0n }],
    [{ index: 1, operator: 1, a: 1n, b: 0n }],
  ]);
  expect(of()).toEqual([[]]);
});

test('the native architecture comes first, and none stands twice', () => {
  const architectures = (list?: Seccomp['architectures']) =>
    recipe({ defaultAction: 'SCMP_ACT_ALLOW', ...(list && { architectures: list }) }).architectures;
  expect(architectures()).toEqual([x64]);
  expect(architectures(['SCMP_ARCH_X86', x64, 'SCMP_ARCH_X32'])).toEqual([
    x64,
    'SCMP_ARCH_X86',
    'SCMP_ARCH_X32',
  ]);
});

test('a tree from 33 rules on', () => {
  const many = (count: number) =>
    recipe(mkdir({ names: Array.from({ length: count }, (_, n) => `call${n}`) })).binaryTree;
  expect([many(1), many(32), many(33)]).toEqual([false, false, true]);
});

describe('calls that the profile cannot know', () => {
  test.each([
    ['SCMP_ACT_ALLOW', undefined, false],
    ['SCMP_ACT_LOG', undefined, false],
    ['SCMP_ACT_TRACE', undefined, false],
    ['SCMP_ACT_ERRNO', undefined, true],
    ['SCMP_ACT_ERRNO', 1, true],
    ['SCMP_ACT_ERRNO', 38, false],
    ['SCMP_ACT_KILL', undefined, true],
    ['SCMP_ACT_TRAP', undefined, true],
  ] as const)('%s %s', (defaultAction, defaultErrnoRet, hidden) => {
    const profile = { defaultAction, ...(defaultErrnoRet !== undefined && { defaultErrnoRet }) };
    expect(recipe(profile).hidesUnknown).toBe(hidden);
  });
});
