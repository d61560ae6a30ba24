/**
 * The kernel's numbers that plans carry, as include/uapi fixes them for every architecture that runt knows.
 */
import type { NamespaceType } from '../bundle/config.ts';

/** clone3(2), setns(2), unshare(2) */
export const cloneFlag: Readonly<Record<NamespaceType, number>> = {
  mount: 0x00020000,
  cgroup: 0x02000000,
  uts: 0x04000000,
  ipc: 0x08000000,
  user: 0x10000000,
  pid: 0x20000000,
  network: 0x40000000,
  time: 0x00000080,
};

/** open(2): only the flags that are the same on every architecture */
export const openFlag = { readOnly: 0, path: 0o10000000 } as const;

/** open_tree(2), and the AT_ flags that it and mount_setattr(2) take */
export const treeFlag = { clone: 1, recursive: 0x8000, noFollow: 0x100 } as const;

/** mount_setattr(2) */
export const mountAttr = {
  readOnly: 0x1,
  noSuid: 0x2,
  noDev: 0x4,
  noExec: 0x8,
  atimeMask: 0x70,
  noAtime: 0x10,
  strictAtime: 0x20,
  noDirAtime: 0x80,
  noSymFollow: 0x200000,
} as const;

/** A change of them: cleared first, then set. */
export interface Attributes {
  readonly set: number;
  readonly clear: number;
}

/** mount(2): options of the file system itself that it takes as flags; of opposites one is the flag's absence. */
export const superFlag: ReadonlyMap<string, number> = new Map([
  ['ro', 1],
  ['rw', 0],
  ['sync', 16],
  ['async', 0],
  ['mand', 64],
  ['nomand', 0],
  ['dirsync', 128],
  ['iversion', 1 << 23],
  ['noiversion', 0],
  ['lazytime', 1 << 25],
  ['nolazytime', 0],
]);

/** mount_setattr(2): the propagation types are mount(2)'s */
export const propagation = {
  unbindable: 0x20000,
  private: 0x40000,
  slave: 0x80000,
  shared: 0x100000,
} as const;

/** openat2(2) */
export const resolve = { noSymlinks: 0x4 } as const;

/** What openTarget makes where nothing is. */
export const make = { nothing: 0, folder: 1, file: 2, like: 3 } as const;

/** setrlimit(2): the numbers of every architecture but alpha, mips and sparc */
export const resourceNumber: Readonly<Record<string, number>> = {
  RLIMIT_CPU: 0,
  RLIMIT_FSIZE: 1,
  RLIMIT_DATA: 2,
  RLIMIT_STACK: 3,
  RLIMIT_CORE: 4,
  RLIMIT_RSS: 5,
  RLIMIT_NPROC: 6,
  RLIMIT_NOFILE: 7,
  RLIMIT_MEMLOCK: 8,
  RLIMIT_AS: 9,
  RLIMIT_LOCKS: 10,
  RLIMIT_SIGPENDING: 11,
  RLIMIT_MSGQUEUE: 12,
  RLIMIT_NICE: 13,
  RLIMIT_RTPRIO: 14,
  RLIMIT_RTTIME: 15,
};

/** signal(7) */
export const sigkill = 9;

/** The last register is never filled: where an operation may be given nothing. */
export const emptySlot = 1023;
