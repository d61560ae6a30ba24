/**
 * Profiles of the size and shape of those that engines hand to a runtime.
 */
import type { Seccomp, SyscallArg, SyscallRule } from '../../src/bundle/config.ts';

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

/** What an ordinary program needs. */
const ordinary = words(`
  accept accept4 access alarm arch_prctl bind brk capget capset chdir chmod chown chown32 clock_getres clock_gettime
  clock_nanosleep close close_range connect copy_file_range creat dup dup2 dup3 epoll_create epoll_create1 epoll_ctl
  epoll_pwait epoll_wait eventfd eventfd2 execve execveat exit exit_group faccessat faccessat2 fadvise64 fallocate
  fchdir fchmod fchmodat fchown fchownat fcntl fcntl64 fdatasync fgetxattr flock fork fstat fstat64 fstatfs fsync
  ftruncate futex getcwd getdents getdents64 getegid geteuid getgid getgroups getpeername getpgid getpgrp getpid
  getppid getpriority getrandom getresgid getresuid getrlimit getrusage getsid getsockname getsockopt gettid
  gettimeofday getuid getxattr inotify_add_watch inotify_init inotify_init1 inotify_rm_watch io_setup ioctl kill
  lchown link linkat listen lseek lstat madvise membarrier memfd_create mkdir mkdirat mmap mmap2 mprotect mremap msync
  munlock munmap nanosleep newfstatat open openat openat2 pause pidfd_open pipe pipe2 poll ppoll prctl pread64
  preadv prlimit64 pselect6 pwrite64 pwritev read readahead readlink readlinkat readv recvfrom recvmsg rename renameat
  renameat2 restart_syscall rmdir rseq rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn
  rt_sigsuspend rt_sigtimedwait sched_getaffinity sched_getparam sched_getscheduler sched_yield select sendfile sendmsg
  sendto set_robust_list set_tid_address setfsgid setfsuid setgid setgroups setitimer setpgid setpriority setregid
  setresgid setresuid setreuid setrlimit setsid setsockopt setuid setxattr shutdown sigaltstack sigreturn socketcall
  socketpair splice stat stat64 statfs statx symlink symlinkat sync_file_range sysinfo tee tgkill time timer_create
  timer_settime timerfd_create timerfd_settime times tkill truncate umask uname unlink unlinkat utime utimensat utimes
  vfork vmsplice wait4 waitid waitpid write writev not_a_system_call`);

const eq = (index: number, value: number): SyscallArg => ({ index, value, op: 'SCMP_CMP_EQ' });

/** Denies all but the ordinary, as engines' own profiles do, with their usual comparisons. */
export const engineLike: Seccomp = {
  defaultAction: 'SCMP_ACT_ERRNO',
  defaultErrnoRet: 1,
  architectures: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32'],
  syscalls: [
    { names: ordinary, action: 'SCMP_ACT_ALLOW' },
    ...[0x0, 0x8, 0x20000, 0x20008, 0xffffffff].map((value): SyscallRule => ({
      names: ['personality'],
      action: 'SCMP_ACT_ALLOW',
      args: [eq(0, value)],
    })),
    {
      names: ['socket'],
      action: 'SCMP_ACT_ALLOW',
      args: [{ index: 0, value: 40, op: 'SCMP_CMP_NE' }],
    },
    {
      names: ['clone'],
      action: 'SCMP_ACT_ALLOW',
      args: [{ index: 0, value: 0x7e02_0000, valueTwo: 0, op: 'SCMP_CMP_MASKED_EQ' }],
    },
    { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: 38 },
    { names: ['mount', 'umount2', 'bpf'], action: 'SCMP_ACT_ERRNO', errnoRet: 13 },
    { names: ['ptrace'], action: 'SCMP_ACT_KILL_PROCESS' },
    { names: ['kexec_load'], action: 'SCMP_ACT_TRAP' },
    { names: ['swapon'], action: 'SCMP_ACT_TRACE', errnoRet: 5 },
    { names: ['swapoff'], action: 'SCMP_ACT_LOG' },
  ],
};

const operators: readonly SyscallArg['op'][] = [
  'SCMP_CMP_NE',
  'SCMP_CMP_LT',
  'SCMP_CMP_LE',
  'SCMP_CMP_EQ',
  'SCMP_CMP_GE',
  'SCMP_CMP_GT',
  'SCMP_CMP_MASKED_EQ',
];

/** Calls that do nothing with small numbers for arguments but answer an error. */
const harmless = words(`
  getpriority setpriority sched_getscheduler sched_getparam getpgid getsid capget fchdir fsync fdatasync flock fchmod
  fchown ftruncate lseek dup dup3 shutdown listen getsockname getpeername epoll_ctl inotify_rm_watch timer_delete
  timer_gettime timerfd_gettime readahead fadvise64 sync_file_range tee splice`);

/** The values that its comparisons are about, and their neighbours. */
const triedValues: readonly number[] = [0, 1, 2, 3, 4, 7, 8, 0x10, 0x1f, 0x7fff_ffff, 0xffff_ffff];

/**
 * 300 rules with arguments: ten for each call, each with an error number of its own. One of the ten compares in another
 * way than by equality: of two such on one argument libseccomp refuses some, under runc as here.
 */
export function manyRules(): Seccomp {
  const rules = harmless.flatMap((name, place) =>
    Array.from({ length: 10 }, (_, turn): SyscallRule => {
      const index = turn % 3;
      const value = triedValues[(place + turn) % triedValues.length] ?? 0;
      const op =
        turn === 0 ? (operators[place % operators.length] ?? 'SCMP_CMP_EQ') : 'SCMP_CMP_EQ';
      const first = {
        index,
        value,
        op,
        ...(op === 'SCMP_CMP_MASKED_EQ' && { valueTwo: value & 0x11 }),
      };
      return {
        names: [name],
        action: 'SCMP_ACT_ERRNO',
        errnoRet: 200 + place * 10 + turn,
        args: turn % 4 === 3 ? [first, eq((index + 1) % 3, turn)] : [first],
      };
    }),
  );
  return { defaultAction: 'SCMP_ACT_ALLOW', architectures: ['SCMP_ARCH_X86_64'], syscalls: rules };
}

/** Numbers of x86-64 for `harmless`, each with every combination of a few arguments: words of the probe. */
export function triedCalls(): string[] {
  const numbers = [
    140, 141, 145, 143, 121, 124, 125, 81, 74, 75, 73, 91, 93, 77, 8, 32, 292, 48, 50, 51, 52, 233,
    255, 226, 224, 287, 187, 221, 277, 276, 275,
  ];
  return numbers.flatMap((number, place) =>
    triedValues.map((value, turn) => {
      const other = triedValues[(place + turn * 2) % triedValues.length] ?? 0;
      return `${number}:${value},${other},${turn}`;
    }),
  );
}
