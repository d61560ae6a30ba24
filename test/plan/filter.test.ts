import { expect, test } from 'vitest';
import type { Config } from '../../src/bundle/config.ts';
import type { SyscallFilter } from '../../src/plan/input.ts';
import { planToText } from '../../src/plan/print.ts';
import { containerPlan, smallConfig } from '../support/plans.ts';

const filter: SyscallFilter = { flags: 4, program: Uint32Array.of(6, 0x7fff_0000) };
const sysAdmin = 1n << 21n;

function config(noNewPrivileges: boolean): Config {
  const small = smallConfig();
  const process = {
    cwd: '/',
    args: ['/bin/true'],
    noNewPrivileges,
    capabilities: { permitted: ['CAP_CHOWN'], effective: ['CAP_CHOWN'], bounding: ['CAP_CHOWN'] },
  };
  return { ...small, process, hooks: { startContainer: [{ path: '/hook' }] } };
}

const planOf = (noNewPrivileges: boolean, used?: SyscallFilter) =>
  containerPlan(config(noNewPrivileges), used && { filter: used });
/** What is done once `start` was called. */
function kindsAfterStart(plan: ReturnType<typeof planOf>): string[] {
  const kinds = plan.steps.map(({ op }) => op.kind);
  return kinds.slice(kinds.indexOf('awaitStart') + 1);
}

test('without a profile there is no filter, and no capability is kept', () => {
  const plan = planOf(false);
  expect(plan.steps.some(({ op }) => op.kind === 'seccomp' || op.kind === 'raiseCapability')).toBe(
    false,
  );
  expect(plan.steps.find(({ op }) => op.kind === 'capabilities')?.op).toMatchObject({
    permitted: 1n,
  });
});

test('with noNewPrivileges it is loaded behind all but hooks and the program', () => {
  expect(kindsAfterStart(planOf(true, filter))).toEqual([
    'signalMask',
    'keepDescriptors',
    'seccomp',
    'runHook',
    'exec',
  ]);
  const capabilities = planOf(true, filter).steps.find(({ op }) => op.kind === 'capabilities');
  expect(capabilities?.op).toMatchObject({ permitted: 1n });
});

test('without it CAP_SYS_ADMIN stays permitted, out of effect until the filter is loaded', () => {
  const plan = planOf(false, filter);
  expect(kindsAfterStart(plan)).toEqual([
    'signalMask',
    'keepDescriptors',
    'raiseCapability',
    'seccomp',
    'runHook',
    'exec',
  ]);
  expect(plan.steps.find(({ op }) => op.kind === 'capabilities')?.op).toMatchObject({
    effective: 1n,
    permitted: 1n | sysAdmin,
    inheritable: 0n,
  });
  expect(plan.steps.find(({ op }) => op.kind === 'boundingSet')?.op).toMatchObject({ keep: 1n });
});

test('a program that is too long is told as such', () => {
  const program = new Uint32Array(2 * 4097);
  const explained = (used: SyscallFilter) =>
    planOf(true, used).steps.find(({ op }) => op.kind === 'seccomp')?.explain['EINVAL'];
  expect(explained({ flags: 0, program })).toBe(
    'the filter has 4097 instructions, and the kernel takes 4096',
  );
  expect(explained(filter)).toBe('the kernel does not know one of the flags');
});

test('the program is printed as its length', () => {
  expect(planToText(planOf(true, filter))).toContain(
    'seccomp(flags=4, program=<1 instructions>)  # linux.seccomp',
  );
});
