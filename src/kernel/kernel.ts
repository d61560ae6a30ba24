/**
 * What runt asks of Linux, as typed calls; each names the C call that it makes.
 *
 * The layer turns -errno into `RuntError` `system-call`, and does nothing else: no retry, no policy, no log.
 */
import { closeSync, constants, openSync } from 'node:fs';
import { errnoName } from '../base/errno-text.ts';
import { RuntError } from '../base/errors.ts';
import { librunt, type Packet, type Spawned } from './librunt.ts';

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
  /** `waitpid(pid)`: the wait status of a child. */
  wait(pid: number): Promise<number>;
  /** `pidfd_open(pid)`; undefined when there is no such process. */
  pidfdOpen(pid: number): number | undefined;
  /** `pidfd_send_signal(pidfd, signal)`: false when the process is gone. */
  pidfdSignal(pidfd: number, signal: number): boolean;
  /** `poll(pidfd)`: true when the process has ended within the time, in ms. */
  pidfdWait(pidfd: number, milliseconds: number): boolean;
  /** `flock(LOCK_EX)`: waits, or answers false where somebody else holds it. */
  lock(descriptor: number, wait: boolean): boolean;
  /** `prlimit(pid, resource)`: limits as 64-bit values; all bits are RLIM_INFINITY. */
  limit(pid: number, resource: number, soft: bigint, hard: bigint, doing: string): void;
  /** `bpf(BPF_PROG_LOAD)`, `bpf(BPF_PROG_ATTACH)`: the one device program of a cgroup2 folder. */
  deviceProgram(folder: string, program: Uint8Array): void;
  /** `prctl(PR_SET_CHILD_SUBREAPER)` */
  becomeSubreaper(): void;
  /** `sigaction`: from here on signals are kept, for `attach` to forward. */
  captureSignals(): void;
  /** Waits for a child in the foreground, forwards signals, carries its terminal; blocks. The wait status. */
  attach(pid: number, pidfd: number, master: number | undefined): number;
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

/**
 * `blocking`: waits stop the whole process, which is what a command line wants; a program with an event loop waits
 * on worker threads instead.
 */
export function createKernel({ blocking }: { readonly blocking: boolean }): Kernel {
  const lib = librunt();
  return {
    spawn(options) {
      const folder = options.cgroup === undefined ? -1 : openFolder(options.cgroup);
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
    receive: async (channel) =>
      packetOf(blocking ? lib.receive(channel) : await lib.receiveLater(channel)),
    go: (channel, gate) => void check(lib.go(channel, gate), 'let runt-init go on'),
    listen: (folder, name) => check(lib.listen(folder, name), `listen on ${name}`),
    connect(folder, name) {
      const result = lib.connect(folder, name);
      if (isErrno(result, 'ECONNREFUSED') || isErrno(result, 'ENOENT')) return undefined;
      return check(result, `connect to ${name}`);
    },
    handOver: (path, payload, descriptor, what) =>
      void check(lib.handOver(path, payload, descriptor), `hand ${what} to ${path}`),
    wait: async (pid) =>
      check(blocking ? lib.wait(pid) : await lib.waitLater(pid), `wait for process ${pid}`),
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
    pidfdWait: (pidfd, milliseconds) =>
      check(lib.pidfdWait(pidfd, milliseconds), 'wait for a process') > 0,
    lock(descriptor, wait) {
      const result = lib.lock(descriptor, wait ? 1 : 0);
      if (isErrno(result, 'EAGAIN')) return false;
      check(result, 'lock the container');
      return true;
    },
    limit(pid, resource, soft, hard, doing) {
      const halves = new Uint32Array(new BigUint64Array([soft, hard]).buffer);
      check(lib.limit(pid, resource, halves), doing);
    },
    deviceProgram(folder, program) {
      const descriptor = openFolder(folder);
      try {
        check(lib.deviceProgram(descriptor, program), `set the device filter of ${folder}`);
      } finally {
        closeSync(descriptor);
      }
    },
    becomeSubreaper: () => void check(lib.subreaper(), 'become a subreaper'),
    captureSignals: () => void check(lib.captureSignals(), 'take over signals'),
    attach: (pid, pidfd, master) =>
      check(lib.attach(pid, pidfd, master ?? -1), `wait for process ${pid}`),
    close: closeSync,
  };
}

function openFolder(path: string): number {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_DIRECTORY);
  } catch (cause) {
    const errno = cause instanceof Error && 'code' in cause ? String(cause.code) : 'EIO';
    throw new RuntError('system-call', { doing: `open ${path}`, errno }, { cause });
  }
}
