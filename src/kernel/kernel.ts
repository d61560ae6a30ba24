/**
 * What runt asks of Linux, as typed calls; each names the C call that it makes.
 *
 * The layer turns -errno into `RuntError` `system-call`, and does nothing else: no retry, no policy, no log.
 */
import { closeSync, constants, openSync } from 'node:fs';
import { errnoName } from '../base/errno-text.ts';
import { RuntError } from '../base/errors.ts';
import type { KernelFacts } from '../plan/input.ts';
import { type Child, makeChildren } from './children.ts';
import { inTurns } from './in-turns.ts';
import { type Librunt, librunt, type Packet, type Spawned } from './librunt.ts';
import type { ProcessIdentity } from './start-time.ts';
import type { Watch } from './watch.ts';

export type { Packet };

export interface SpawnOptions {
  readonly image: Uint8Array;
  readonly namespaces: number;
  /** A cgroup2 folder to be born in. */
  readonly cgroup?: string;
  /** Descriptors for slots 0, 1, … */
  readonly slots: readonly number[];
  readonly preserveFds: number;
}

/** sd_notify(3): a container's own socket, and the path of the service manager's. */
export interface Readiness {
  readonly socket: number;
  readonly manager: string;
}

export interface CommandResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Kernel {
  /** `clone3`, `execveat`: starts runt-init with a plan, both in sealed memfds. */
  spawn(options: SpawnOptions): Spawned;
  /** `recvmsg(channel)`: the next message of runt-init; null when its end is closed. */
  receive(channel: number): Promise<Packet | null>;
  /** `send(channel)`: runt-init may pass the gate. */
  go(channel: number, gate: number): void;
  /** `socket(SOCK_SEQPACKET)`, `bind`, `listen` at `name` in an open folder. */
  listen(folder: number, name: string): number;
  /** `connect` to a socket in an open folder; undefined when nobody listens there. */
  connect(folder: number, name: string): number | undefined;
  /** `connect`, `sendmsg(SCM_RIGHTS)`: gives a descriptor to whoever listens at a path. */
  handOver(path: string, payload: string, descriptor: number, what: string): void;
  /** `posix_spawnp`, `waitpid`: runs a program of the host's PATH to its end, with no input; its exit status, 128 and more for a signal. */
  command(words: readonly string[]): CommandResult;
  /** `waitpid(pid)`: the wait status of a child, which the pidfd is of. */
  wait(pid: number, pidfd: number): Promise<number>;
  /** Goes on without a child: its pidfd is closed. A program that goes on reaps it at its end, and may keep its wait status until `forget`. */
  leave(child: Child): void;
  /** The end of a child that was left here, or is waited for: its wait status, as far as it is known. */
  endOf(identity: ProcessIdentity): Promise<number | undefined> | undefined;
  /** Nobody will ask for the end of this child any more. */
  forget(pid: number): void;
  /** `pidfd_open(pid)`; undefined when there is no such process. */
  pidfdOpen(pid: number): number | undefined;
  /** `pidfd_send_signal(pidfd, signal)`: false when the process is gone. */
  pidfdSignal(pidfd: number, signal: number): boolean;
  /** `pidfd_getfd(pidfd, descriptor)`: a copy of a descriptor of another process; `what` names it in the error. */
  pidfdTake(pidfd: number, descriptor: number, what: string): number;
  /** `poll(pidfd)`: true when the process has ended within the time, in ms. */
  pidfdWait(pidfd: number, milliseconds: number): Promise<boolean>;
  /** `poll(descriptor, POLLIN)`: true when there is something to read within the time, in ms. */
  readable(descriptor: number, milliseconds: number): Promise<boolean>;
  /** `flock(LOCK_EX)`: waits until nobody else holds it. */
  lock(descriptor: number): Promise<void>;
  /** `flock(LOCK_EX | LOCK_NB)`: false where somebody else holds it. */
  tryLock(descriptor: number): boolean;
  /** `prlimit(pid, resource)`: limits as 64-bit values; all bits are RLIM_INFINITY. */
  limit(pid: number, resource: number, soft: bigint, hard: bigint, doing: string): void;
  /** `bpf(BPF_PROG_LOAD)`, `bpf(BPF_PROG_ATTACH)`: the one device program of a cgroup2 folder. */
  deviceProgram(folder: string, program: Uint8Array): void;
  /** `mount_setattr(MOUNT_ATTR_IDMAP)`: of a mount that nobody sees yet, whoever made it. */
  mapOwners(mount: number, mapping: number, recursive: boolean, doing: string): void;
  /** What the kernel lets us call: asked once, a few microseconds. */
  facts(): KernelFacts;
  /** Waits stop the whole process: there is a terminal to carry and nobody else to serve. */
  readonly blocking: boolean;
  /** `prctl(PR_SET_CHILD_SUBREAPER)` */
  becomeSubreaper(): void;
  /** `sigaction`: from here on signals are kept, for `attach` to forward. Not in a program with an event loop: they are its own. */
  captureSignals(): void;
  /** `tcsetattr`, `ioctl(TIOCSWINSZ)`: a terminal that we shall carry leaves line feeds alone, and has the size of our own. */
  fitTerminal(master: number): void;
  /**
   * Waits for a child in the foreground, forwards the captured signals, carries its terminal, and tells its readiness
   * where there is somebody to tell. The wait status.
   */
  attach(
    pid: number,
    pidfd: number,
    master: number | undefined,
    readiness?: Readiness,
  ): Promise<number>;
  /** `socket(SOCK_DGRAM)`, `bind` at `name` in an open folder: where a container tells that it is ready. */
  notifyListen(folder: number, name: string): number;
  /** Waits until the readiness was told, or the process has ended. */
  notifyWait(readiness: Readiness, pidfd: number, mainPid: number): void;
  close(descriptor: number): void;
}

function failure(result: number, doing: string): RuntError {
  return new RuntError('system-call', { doing, errno: errnoName(-result) });
}

function check(result: number, doing: string): number {
  if (result < 0) throw failure(result, doing);
  return result;
}

const isErrno = (result: number, name: string): boolean =>
  result < 0 && errnoName(-result) === name;

function packetOf(packet: Packet | number | null): Packet | null {
  if (typeof packet === 'number') throw failure(packet, "read runt-init's report");
  return packet;
}

/** Without a `watch`, waits stop the whole process, which is what a command line wants. */
export function createKernel(watch?: Watch): Kernel {
  const lib = librunt();
  const blocking = watch === undefined;
  const children = watch && makeChildren(lib, watch);
  let facts: KernelFacts | undefined;
  /** A pidfd is readable when its process has ended: one call for both. */
  const poll = async (descriptor: number, milliseconds: number, doing: string) =>
    watch && milliseconds > 0
      ? watch.readable(descriptor, milliseconds, doing)
      : check(lib.pidfdWait(descriptor, Number.isFinite(milliseconds) ? milliseconds : -1), doing) >
        0;
  const forever = Number.POSITIVE_INFINITY;
  return {
    facts: () => (facts ??= factsOf(lib.probe())),
    blocking,
    spawn(options) {
      const folder =
        options.cgroup === undefined ? -1 : openFolder(options.cgroup, joining(options.cgroup));
      try {
        const spawned = lib.spawn(
          options.image,
          options.namespaces,
          folder,
          Int32Array.from(options.slots),
          options.preserveFds,
        );
        if (typeof spawned === 'number') throw failure(spawned, 'start runt-init');
        return spawned;
      } finally {
        if (folder >= 0) closeSync(folder);
      }
    },
    async receive(channel) {
      await watch?.readable(channel, forever, "wait for runt-init's report");
      return packetOf(lib.receive(channel));
    },
    go: (channel, gate) => void check(lib.go(channel, gate), 'let runt-init go on'),
    listen: (folder, name) => check(lib.listen(folder, name), `listen on ${name}`),
    connect(folder, name) {
      const result = lib.connect(folder, name);
      if (isErrno(result, 'ECONNREFUSED') || isErrno(result, 'ENOENT')) return undefined;
      return check(result, `connect to ${name}`);
    },
    handOver: (path, payload, descriptor, what) =>
      void check(
        lib.handOver(path, new TextEncoder().encode(payload), descriptor),
        `hand ${what} to ${path}`,
      ),
    command(words) {
      const result = lib.command(
        new TextEncoder().encode(words.map((word) => `${word}\0`).join('')),
      );
      if (typeof result === 'number') throw failure(result, `run ${words[0] ?? ''}`);
      // wait(2): the exit status in the second byte, a signal in the first
      const status = result.status & 0x7f ? 128 + (result.status & 0x7f) : result.status >> 8;
      return { ...result, status };
    },
    async wait(pid, pidfd) {
      const doing = `wait for process ${pid}`;
      await watch?.readable(pidfd, forever, doing);
      return check(lib.wait(pid), doing);
    },
    leave(child) {
      const close = (): void => closeSync(child.pidfd);
      if (children) void children.adopt(child).finally(close);
      else close();
    },
    endOf: (identity) => children?.endOf(identity),
    forget: (pid) => children?.forget(pid),
    pidfdOpen(pid) {
      const result = lib.pidfdOpen(pid);
      return isErrno(result, 'ESRCH') ? undefined : check(result, `open process ${pid}`);
    },
    pidfdSignal(pidfd, signal) {
      const result = lib.pidfdSignal(pidfd, signal);
      if (isErrno(result, 'ESRCH')) return false;
      check(result, `send signal ${signal}`);
      return true;
    },
    pidfdTake: (pidfd, descriptor, what) => check(lib.pidfdTake(pidfd, descriptor), `take ${what}`),
    readable: (descriptor, milliseconds) => poll(descriptor, milliseconds, 'wait for a notice'),
    pidfdWait: (pidfd, milliseconds) => poll(pidfd, milliseconds, 'wait for a process'),
    async lock(descriptor) {
      if (blocking) check(lib.lock(descriptor, 1), 'lock the container');
      else await inTurns(() => tryLock(lib, descriptor), forever);
    },
    tryLock: (descriptor) => tryLock(lib, descriptor),
    limit(pid, resource, soft, hard, doing) {
      const halves = new Uint32Array(new BigUint64Array([soft, hard]).buffer);
      check(lib.limit(pid, resource, halves), doing);
    },
    deviceProgram(folder, program) {
      const descriptor = openFolder(folder, `open the cgroup ${folder}`);
      try {
        check(lib.deviceProgram(descriptor, program), `set the device filter of ${folder}`);
      } finally {
        closeSync(descriptor);
      }
    },
    mapOwners: (mount, mapping, recursive, doing) =>
      void check(lib.mapOwners(mount, mapping, recursive ? 1 : 0), doing),
    becomeSubreaper: () => void check(lib.subreaper(), 'become a subreaper'),
    captureSignals() {
      if (blocking) check(lib.captureSignals(), 'take over signals');
    },
    fitTerminal: (master) => void lib.fitTerminal(master),
    async attach(pid, pidfd, master, { socket, manager } = nobody) {
      const doing = `wait for process ${pid}`;
      if (blocking) return check(lib.attach(pid, pidfd, master ?? -1, socket, manager), doing);
      const status = await children?.adopt({ pid, pidfd, keepsStatus: false });
      if (status === undefined) throw new RuntError('system-call', { doing, errno: 'ECHILD' });
      return status;
    },
    notifyListen: (folder, name) => check(lib.notifyListen(folder, name), `listen on ${name}`),
    notifyWait: ({ socket, manager }, pidfd, mainPid) =>
      void check(lib.notifyWait(socket, manager, pidfd, mainPid), `tell ${manager} of readiness`),
    close: closeSync,
  };
}

const nobody: Readiness = { socket: -1, manager: '' };

/** native/lib/librunt.h, enum kernel_can */
const factsOf = (bits: number): KernelFacts => ({
  newMountApi: (bits & 1) !== 0,
  mountSetattr: (bits & 2) !== 0,
  cloneIntoCgroup: (bits & 4) !== 0,
  joinByPidfd: (bits & 8) !== 0,
});

function tryLock(lib: Librunt, descriptor: number): boolean {
  const result = lib.lock(descriptor, 0);
  if (isErrno(result, 'EAGAIN')) return false;
  check(result, 'lock the container');
  return true;
}

/** The words are those of a process that joins by a file, as it does on v1. */
const joining = (path: string): string => `join the cgroup by adding pid 0, itself, to ${path}`;

function openFolder(path: string, doing: string): number {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_DIRECTORY);
  } catch (cause) {
    const errno = cause instanceof Error && 'code' in cause ? String(cause.code) : 'EIO';
    throw new RuntError('system-call', { doing, errno }, { cause });
  }
}
