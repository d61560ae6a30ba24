/** config-linux.md#seccomp. Calls that no program needs stand for all: getppid for those without arguments, and so on. */
import { deepEqual, equal, notEqual, ok } from 'node:assert/strict';
import { constants } from 'node:os';
import { type Case, inside, life, refused } from '../case.ts';
import { act, errnoOf } from '../report.ts';

const section = 'config-linux.md#seccomp';
const { EPERM, EACCES, EBUSY } = constants.errno;

/** getpgid and umask of x86_64 and aarch64; the last argument of the probe's verb. */
const numbers =
  process.arch === 'arm64' ? { getpgid: 155, getsid: 156 } : { getpgid: 121, getsid: 124 };
const pgid = `syscall ${numbers.getpgid}`;

const profile = (...rules: readonly object[]) => ({
  '/linux/seccomp': { defaultAction: 'SCMP_ACT_ALLOW', syscalls: rules },
});
const rule = (action: string, more: object = {}) => ({ names: ['getpgid'], action, ...more });

const compare = (
  op: string,
  value: number,
  hits: readonly number[],
  misses: readonly number[],
  more = {},
): Case =>
  inside([section, 'MUST', `${op} compares an argument`], {
    change: profile(rule('SCMP_ACT_ERRNO', { args: [{ index: 0, value, op, ...more }] })),
    ask: [...hits, ...misses].map((number) => `syscall ${numbers.getpgid} ${number}`),
    check: ({ report }) => {
      const got = report.acts.map((_, index) => errnoOf(report, index) === EPERM);
      deepEqual(got, [...hits.map(() => true), ...misses.map(() => false)]);
    },
  });

/** How a child that makes the call ends: by a signal, in the low bits of its wait status. */
const kills = (action: string, signal: number, peers = {}): Case =>
  inside([section, 'MUST', `${action} ends the process`], {
    change: profile(rule(action)),
    ask: [`child ${numbers.getpgid}`],
    check: ({ report }) => equal((act(report).status ?? 0) & 0x7f, signal),
    peers,
  });

const bad = (says: string, seccomp: object, pointer: string, code: string, peers = {}): Case =>
  refused([section, 'MUST', says], {
    change: { '/linux/seccomp': seccomp },
    finding: { code, pointer: `/linux/seccomp${pointer}` },
    peers,
  });

const allow = { defaultAction: 'SCMP_ACT_ALLOW' };
const silent = { runc: 'ignores the value' };

export const seccompCases: readonly Case[] = [
  inside([section, 'MUST', 'without a profile there is no filter'], {
    check: ({ report }) => equal(report.seccomp, 0),
  }),
  inside([section, 'MUST', 'with a profile there is a filter'], {
    change: profile(rule('SCMP_ACT_ERRNO')),
    check: ({ report }) => equal(report.seccomp, 2),
  }),
  inside([section, 'MUST', 'SCMP_ACT_ERRNO answers EPERM by default'], {
    change: profile(rule('SCMP_ACT_ERRNO')),
    ask: [pgid, `syscall ${numbers.getsid}`],
    check: ({ report }) => deepEqual([errnoOf(report, 0), errnoOf(report, 1)], [EPERM, 0]),
  }),
  inside([section, 'MUST', 'errnoRet is the answer'], {
    change: profile(rule('SCMP_ACT_ERRNO', { errnoRet: EBUSY })),
    ask: [pgid],
    check: ({ report }) => equal(errnoOf(report), EBUSY),
  }),
  inside([section, 'MUST', 'defaultErrnoRet is the answer to what no rule names'], {
    change: {
      '/linux/seccomp': {
        defaultAction: 'SCMP_ACT_ERRNO',
        defaultErrnoRet: EACCES,
        syscalls: [{ names: everyCall(), action: 'SCMP_ACT_ALLOW' }],
      },
    },
    ask: [pgid],
    check: ({ report }) => equal(errnoOf(report), EACCES),
  }),
  inside([section, 'MUST', 'SCMP_ACT_LOG and SCMP_ACT_ALLOW let calls through'], {
    change: profile(rule('SCMP_ACT_LOG'), { names: ['getsid'], action: 'SCMP_ACT_LOG' }),
    ask: [pgid],
    check: ({ report }) => equal(errnoOf(report), 0),
  }),
  inside([section, 'MUST', 'SCMP_ACT_TRACE without a tracer answers ENOSYS'], {
    change: profile(rule('SCMP_ACT_TRACE')),
    ask: [pgid],
    check: ({ report }) => notEqual(errnoOf(report), 0),
  }),
  kills('SCMP_ACT_KILL', constants.signals.SIGSYS),
  kills('SCMP_ACT_KILL_PROCESS', constants.signals.SIGSYS),
  kills('SCMP_ACT_KILL_THREAD', constants.signals.SIGSYS),
  kills('SCMP_ACT_TRAP', constants.signals.SIGSYS),
  compare('SCMP_CMP_EQ', 0, [0], [1]),
  compare('SCMP_CMP_NE', 0, [1], [0]),
  compare('SCMP_CMP_LT', 5, [0, 4], [5, 6]),
  compare('SCMP_CMP_LE', 5, [0, 5], [6]),
  compare('SCMP_CMP_GT', 5, [6], [5, 0]),
  compare('SCMP_CMP_GE', 5, [5, 6], [4]),
  compare('SCMP_CMP_MASKED_EQ', 0xf0, [0x10, 0x1f], [0x20, 0x0f], { valueTwo: 0x10 }),
  inside([section, 'MUST', 'the order of rules does not let a call escape'], {
    change: profile(rule('SCMP_ACT_ERRNO'), {
      names: ['getsid'],
      action: 'SCMP_ACT_ERRNO',
      errnoRet: EBUSY,
    }),
    ask: [pgid, `syscall ${numbers.getsid}`],
    check: ({ report }) => deepEqual([errnoOf(report, 0), errnoOf(report, 1)], [EPERM, EBUSY]),
  }),
  inside([section, 'MUST', 'the filter holds for a process with noNewPrivileges, too'], {
    change: { ...profile(rule('SCMP_ACT_ERRNO')), '/process/noNewPrivileges': true },
    ask: [pgid],
    check: ({ report }) => deepEqual([report.noNewPrivileges, errnoOf(report)], [1, EPERM]),
  }),
  inside([section, 'MUST', 'architectures of the machine are filtered as well'], {
    change: {
      '/linux/seccomp': {
        ...allow,
        architectures: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_AARCH64'],
        syscalls: [rule('SCMP_ACT_ERRNO')],
      },
    },
    ask: [pgid],
    check: ({ report }) => equal(errnoOf(report), EPERM),
  }),
  ...['SECCOMP_FILTER_FLAG_LOG', 'SECCOMP_FILTER_FLAG_SPEC_ALLOW', 'SECCOMP_FILTER_FLAG_TSYNC'].map(
    (flag) =>
      inside([section, 'MUST', `${flag} is taken`], {
        change: {
          '/linux/seccomp': { ...allow, flags: [flag], syscalls: [rule('SCMP_ACT_ERRNO')] },
        },
        ask: [pgid],
        check: ({ report }) => {
          equal(errnoOf(report), EPERM);
          ok(report.seccomp === 2);
        },
      }),
  ),
  inside([section, 'SHOULD', 'a call that the machine does not know is left out'], {
    change: profile({ names: ['no_such_call', 'getpgid'], action: 'SCMP_ACT_ERRNO' }),
    ask: [pgid],
    check: ({ report }) => equal(errnoOf(report), EPERM),
  }),
  bad('a profile needs a default action', { syscalls: [] }, '/defaultAction', 'schema/required', {
    runc: 'takes a profile without rules for none',
  }),
  bad(
    'an unknown action is an error',
    { defaultAction: 'SCMP_ACT_X' },
    '/defaultAction',
    'schema/enum',
  ),
  bad('an unknown flag is an error', { ...allow, flags: ['X'] }, '/flags/0', 'schema/enum'),
  bad(
    'an unknown architecture is an error',
    { ...allow, architectures: ['X'] },
    '/architectures/0',
    'schema/enum',
  ),
  bad(
    'a rule names a call',
    { ...allow, syscalls: [{ names: [], action: 'SCMP_ACT_ERRNO' }] },
    '/syscalls/0/names',
    'schema/minItems',
    { runc: 'takes a rule without names', crun: 'takes a rule without names' },
  ),
  bad(
    'a rule needs an action',
    { ...allow, syscalls: [{ names: ['getsid'] }] },
    '/syscalls/0/action',
    'schema/required',
  ),
  bad(
    'an unknown operator is an error',
    { ...allow, syscalls: [rule('SCMP_ACT_ERRNO', { args: [{ index: 0, value: 1, op: 'X' }] })] },
    '/syscalls/0/args/0/op',
    'schema/enum',
  ),
  bad(
    'an argument has an index of 0 to 5',
    {
      ...allow,
      syscalls: [rule('SCMP_ACT_ERRNO', { args: [{ index: 6, value: 1, op: 'SCMP_CMP_EQ' }] })],
    },
    '/syscalls/0/args/0/index',
    'schema/maximum',
  ),
  bad(
    'errnoRet with an action that has none is an error',
    { ...allow, syscalls: [rule('SCMP_ACT_KILL', { errnoRet: 1 })] },
    '/syscalls/0/errnoRet',
    'seccomp-errno',
    silent,
  ),
  bad(
    'defaultErrnoRet with an action that has none is an error',
    { ...allow, defaultErrnoRet: 1, syscalls: [rule('SCMP_ACT_ERRNO')] },
    '/defaultErrnoRet',
    'seccomp-errno',
    silent,
  ),
  bad(
    'listenerMetadata without listenerPath is an error',
    { ...allow, listenerMetadata: 'x', syscalls: [rule('SCMP_ACT_ERRNO')] },
    '/listenerMetadata',
    'seccomp-listener',
    { runc: 'ignores it', crun: 'ignores it' },
  ),
  bad(
    'write cannot be watched, since the runtime itself writes',
    {
      ...allow,
      listenerPath: '/no/such',
      syscalls: [{ names: ['write'], action: 'SCMP_ACT_NOTIFY' }],
    },
    '/syscalls/0/names/0',
    'seccomp-notify',
  ),
  life([section, 'MUST', 'a listener that cannot be reached is an error, at the latest of start'], {
    change: {
      '/linux/seccomp': {
        ...allow,
        listenerPath: '/no/such.sock',
        syscalls: [{ names: ['getsid'], action: 'SCMP_ACT_NOTIFY' }],
      },
    },
    live: (stage) => {
      if (stage.create().status === 0) notEqual(stage.start().status, 0);
      notEqual(stage.state()?.status, 'running');
    },
  }),
  inside([section, 'MUST', 'listenerPath is ignored without SCMP_ACT_NOTIFY'], {
    change: {
      '/linux/seccomp': {
        ...allow,
        listenerPath: '/no/such.sock',
        syscalls: [rule('SCMP_ACT_ERRNO')],
      },
    },
    ask: [pgid],
    check: ({ report }) => equal(errnoOf(report), EPERM),
    peers: { crun: 'connects to the listener whether or not a rule notifies' },
  }),
];

/** What a runtime's last steps and a small static program may call: everything that is common, but getpgid. */
function everyCall(): string[] {
  return `accept accept4 access arch_prctl bind brk capget capset chdir chmod chown clock_gettime clone clone3 close
    close_range connect dup dup2 dup3 epoll_create1 epoll_ctl epoll_pwait eventfd2 execve execveat exit exit_group faccessat
    faccessat2 fchdir fchmod fchown fcntl flock fork fstat fstatfs futex get_mempolicy getcwd getdents64 getegid geteuid
    getgid getgroups getpid getppid getrandom getresgid getresuid getrlimit getsid getsockname gettid getuid ioctl
    ioprio_get keyctl kill lseek lstat madvise mmap mprotect mremap munmap nanosleep newfstatat open openat openat2
    personality pipe2 poll ppoll prctl pread64 prlimit64 read readlink readlinkat recvfrom recvmsg rename rseq
    rt_sigaction rt_sigprocmask rt_sigreturn sched_getaffinity sched_getattr sched_yield seccomp select sendmsg sendto
    set_robust_list set_tid_address setgid setgroups setresgid setresuid setsid setuid sigaltstack socket stat statfs
    statx tgkill umask uname unlink wait4 write writev`.split(/\s+/);
}
