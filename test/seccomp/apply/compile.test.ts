/** What libseccomp and the stub make of profiles, judged by a machine for filters. */
import { describe, expect, test } from 'vitest';
import { isRuntError } from '../../../src/base/errors.ts';
import type { Seccomp, SyscallArg } from '../../../src/bundle/config.ts';
import { compileProfile } from '../../../src/seccomp/apply/compile.ts';
import type { ExactProfile } from '../../../src/seccomp/exact-values.ts';
import { auditX86, type Call, unpack, verdict } from '../../support/filter-machine.ts';

const allow = 0x7fff_0000;
const errno = (number: number) => 0x5_0000 + number;
/** Numbers of x86-64 */
const call = { read: 0, mkdir: 83, personality: 135, clone3: 435 } as const;

const debug: string[] = [];
const log = { debug: (text: string) => void debug.push(text) };

async function judge(profile: ExactProfile, ...calls: Call[]): Promise<number[]> {
  const program = unpack(await compileProfile(profile, log));
  return calls.map((one) => verdict(program, one));
}

describe.runIf(process.arch === 'x64')('on x86-64', () => {
  test.each([
    ['SCMP_ACT_KILL', undefined, 0],
    ['SCMP_ACT_KILL_THREAD', undefined, 0],
    ['SCMP_ACT_KILL_PROCESS', undefined, 0x8000_0000],
    ['SCMP_ACT_TRAP', undefined, 0x3_0000],
    ['SCMP_ACT_ERRNO', 38, errno(38)],
    ['SCMP_ACT_TRACE', 5, 0x7ff0_0005],
    ['SCMP_ACT_LOG', undefined, 0x7ffc_0000],
    ['SCMP_ACT_NOTIFY', undefined, 0x7fc0_0000],
  ] as const)('%s', async (action, errnoRet, expected) => {
    const rule = { names: ['mkdir'], action, ...(errnoRet !== undefined && { errnoRet }) };
    const profile: Seccomp = { defaultAction: 'SCMP_ACT_ALLOW', syscalls: [rule] };
    expect(await judge(profile, { number: call.mkdir }, { number: call.read })).toEqual([
      expected,
      allow,
    ]);
  });

  const wide = 0xffff_ffff_0000_0001n;
  test.each<
    [
      SyscallArg['op'],
      number | bigint,
      number | bigint,
      readonly (number | bigint)[],
      readonly (number | bigint)[],
    ]
  >([
    ['SCMP_CMP_EQ', 5, 0, [5], [4, 6, 5n + (1n << 32n)]],
    ['SCMP_CMP_NE', 5, 0, [4, 6, 5n + (1n << 32n)], [5]],
    ['SCMP_CMP_LT', 5, 0, [0, 4], [5, 6, -1]],
    ['SCMP_CMP_LE', 5, 0, [0, 5], [6, -1]],
    ['SCMP_CMP_GT', 5, 0, [6, -1], [5, 0]],
    ['SCMP_CMP_GE', 5, 0, [5, -1], [4, 0]],
    ['SCMP_CMP_MASKED_EQ', 0xf0, 0x10, [0x10, 0x1f, 0xf10], [0x20, 0x30, 0]],
    ['SCMP_CMP_EQ', wide, 0, [wide], [wide - 1n, 1, 0xffff_ffff_0000_0000n]],
    ['SCMP_CMP_GE', wide, 0, [wide, -1], [wide - 1n, 1]],
    ['SCMP_CMP_MASKED_EQ', wide, wide, [wide, -1], [wide - 1n, 1]],
  ])('%s %s %s', async (op, value, valueTwo, holds, fails) => {
    const args = [{ index: 2, op, value, valueTwo }];
    const profile: ExactProfile = {
      defaultAction: 'SCMP_ACT_ALLOW',
      syscalls: [{ names: ['read'], action: 'SCMP_ACT_ERRNO', args }],
    };
    const calls = (values: readonly (number | bigint)[]) =>
      values.map((argument) => ({ number: call.read, args: [0, 0, argument] }));
    expect(await judge(profile, ...calls(holds))).toEqual(holds.map(() => errno(1)));
    expect(await judge(profile, ...calls(fails))).toEqual(fails.map(() => allow));
  });

  test('comparisons of one argument are alternatives', async () => {
    const args = [0, 8].map((value) => ({ index: 0, op: 'SCMP_CMP_EQ' as const, value }));
    const profile: Seccomp = {
      defaultAction: 'SCMP_ACT_ERRNO',
      syscalls: [{ names: ['personality'], action: 'SCMP_ACT_ALLOW', args }],
    };
    const calls = [0, 8, 9].map((value) => ({ number: call.personality, args: [value] }));
    expect(await judge(profile, ...calls)).toEqual([allow, allow, errno(1)]);
  });

  test('what is newer than the profile is unknown, what is older is denied', async () => {
    const profile: Seccomp = {
      defaultAction: 'SCMP_ACT_ERRNO',
      architectures: ['SCMP_ARCH_X86'],
      syscalls: [{ names: ['read', 'mkdir'], action: 'SCMP_ACT_ALLOW' }],
    };
    expect(
      await judge(
        profile,
        { number: call.mkdir },
        { number: 82 },
        { number: 84 },
        { number: call.clone3 },
        // mkdir is 39 there
        { number: 39, architecture: auditX86 },
        { number: 38, architecture: auditX86 },
        { number: 40, architecture: auditX86 },
      ),
    ).toEqual([allow, errno(1), errno(38), errno(38), allow, errno(1), errno(38)]);
  });

  test('of an architecture that is not listed every call kills', async () => {
    const profile: Seccomp = { defaultAction: 'SCMP_ACT_ALLOW' };
    expect(await judge(profile, { number: 1, architecture: auditX86 }, { number: 1 })).toEqual([
      0,
      allow,
    ]);
  });

  test('unknown names are passed over, with a word to the log', async () => {
    debug.length = 0;
    const profile: Seccomp = {
      defaultAction: 'SCMP_ACT_ALLOW',
      syscalls: [{ names: ['never_heard_of', 'mkdir'], action: 'SCMP_ACT_ERRNO' }],
    };
    expect(await judge(profile, { number: call.mkdir })).toEqual([errno(1)]);
    expect(debug).toEqual(['unknown seccomp syscall "never_heard_of" ignored']);
  });

  test('many rules, by the tree, say what they say', async () => {
    const names =
      'read write open close stat fstat lstat poll lseek mmap mprotect munmap brk ioctl pread64 pwrite64 readv writev access pipe select sched_yield mremap msync mincore madvise shmget shmat shmctl dup dup2 pause nanosleep getitimer alarm'.split(
        ' ',
      );
    const profile: Seccomp = {
      defaultAction: 'SCMP_ACT_ALLOW',
      syscalls: names.map((name, n) => ({
        names: [name],
        action: 'SCMP_ACT_ERRNO',
        errnoRet: 100 + n,
      })),
    };
    const judged = await judge(
      profile,
      { number: 0 },
      { number: 1 },
      { number: 8 },
      { number: 83 },
    );
    expect(judged).toEqual([errno(100), errno(101), errno(108), allow]);
    // none of them is left, and libseccomp 2.5 makes a wrong tree of nothing
    const same = names.map((name) => ({ names: [name], action: 'SCMP_ACT_ALLOW' as const }));
    expect(await judge({ ...profile, syscalls: same }, { number: 0 })).toEqual([allow]);
  });

  test('the same rule twice', async () => {
    const rule = { names: ['mkdir', 'mkdir'], action: 'SCMP_ACT_ERRNO' as const };
    const profile: Seccomp = { defaultAction: 'SCMP_ACT_ALLOW', syscalls: [rule, rule] };
    expect(await judge(profile, { number: call.mkdir })).toEqual([errno(1)]);
  });

  const caught = (profile: Seccomp) =>
    compileProfile(profile, log).catch((error: unknown) => error);

  test('an architecture that libseccomp cannot mix in', async () => {
    const error = await caught({
      defaultAction: 'SCMP_ACT_ALLOW',
      architectures: ['SCMP_ARCH_S390X'],
    });
    expect(isRuntError(error, 'host-lacks') && error.facts).toMatchObject({
      needed: 'linux.seccomp.architectures',
    });
  });

  test('an error number that is none', async () => {
    const error = await caught({
      defaultAction: 'SCMP_ACT_ALLOW',
      syscalls: [{ names: ['mkdir'], action: 'SCMP_ACT_ERRNO', errnoRet: 60_000 }],
    });
    const facts = isRuntError(error, 'system-call') ? error.facts : { doing: '', errno: '' };
    expect(facts.doing).toContain('linux.seccomp.syscalls[0] (mkdir)');
    expect(facts.errno).toBe('EINVAL');
  });
});
