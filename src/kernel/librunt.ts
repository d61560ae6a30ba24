/**
 * librunt, our own Node-API addon, with its types: the only file that loads it.
 *
 * Its functions answer with a value that is not negative, or with -errno; `kernel.ts` makes errors of the latter.
 */
import { RuntError } from '../base/errors.ts';
import { addonPath, loadAddon } from './load-addon.ts';

/** One message of runt-init: native/init/wire.h, enum message_kind. */
export interface Packet {
  readonly kind: number;
  readonly step: number;
  readonly op: number;
  readonly value: number;
  /** A descriptor that rode along, or -1. */
  readonly descriptor: number;
  /** The kernel's words about a failure, or a hook's output. */
  readonly detail: string;
}

export interface Spawned {
  readonly pid: number;
  readonly pidfd: number;
  readonly channel: number;
}

/** Files, for the executable: native/lib/addon_files.c. Node has them by node:fs. */
interface Files {
  open(path: string, flags: number, mode: number): number;
  close(descriptor: number): number;
  /** At `place`, or where the descriptor stands when it is negative. */
  read(descriptor: number, bytes: Uint8Array, place: number): number;
  write(descriptor: number, bytes: Uint8Array): number;
  writeText(descriptor: number, text: string): number;
  readText(path: string, latin1: number): string | number;
  makeFolder(path: string, mode: number): number;
  removeFolder(path: string): number;
  unlink(path: string): number;
  /** `mode` of 0: whether it is there. */
  access(path: string, mode: number): number;
  rename(from: string, to: string): number;
  own(path: string, uid: number, gid: number): number;
  allow(path: string, mode: number): number;
  /** Into six numbers: mode, user, size, inode, device, time of the last change in ms. */
  status(path: string, follow: number, told: Float64Array): number;
  statusOfOpen(descriptor: number, told: Float64Array): number;
  /** Names, each followed by whether it is a folder. */
  list(path: string): readonly (string | boolean)[] | number;
  realPath(path: string): string | number;
}

/** native/lib/addon_foreign.c: `system-library.ts` says what these are for. */
interface Foreign {
  symbol(library: string, name: string): number;
  foreign(address: number, form: number, ...words: readonly (number | ArrayBufferView)[]): number;
  copyFrom(address: number, target: Uint8Array): number;
  textAt(address: number): string;
}

/** What the host lets us do, and its clock: native/lib/addon_report.c. */
interface Report {
  /** Of each call: its name, 0 or -errno, and whether it asks for rights before it looks at its arguments. */
  tryCalls(): readonly (string | number | boolean)[];
  tryUserNamespace(): number;
  tryDeviceProgram(): number;
  tryImage(): number;
  /** Into five numbers: type of the file system, flags of the mount, free bytes, files, free files. */
  space(path: string, told: Float64Array): number;
  hasAttribute(path: string, name: string): number;
  isTerminal(descriptor: number): number;
  /** CLOCK_MONOTONIC in ns. */
  clock(): number;
  /** A descriptor of memory for so many of its values: native/lib/timeline.c. */
  timeline(stamps: number): number;
}

export interface Librunt extends Files, Foreign, Report {
  /** Words that a NUL ends each; `status` is wait(2)'s. */
  command(
    words: Uint8Array,
  ): { readonly status: number; readonly stdout: string; readonly stderr: string } | number;
  spawn(
    plan: Uint8Array,
    namespaces: number,
    cgroup: number,
    slots: Int32Array,
    preserve: number,
  ): Spawned | number;
  receive(channel: number): Packet | number | null;
  go(channel: number, gate: number): number;
  listen(folder: number, name: string): number;
  connect(folder: number, name: string): number;
  handOver(path: string, payload: Uint8Array, descriptor: number): number;
  wait(pid: number): number;
  /** Clock ticks after boot. */
  startTime(pid: number, evenEnded: number): number;
  pidfdOpen(pid: number): number;
  pidfdSignal(pidfd: number, signal: number): number;
  pidfdTake(pidfd: number, descriptor: number): number;
  fingerprint(bytes: Uint8Array): number;
  pidfdWait(pidfd: number, milliseconds: number): number;
  /** native/lib/watch.c: `poll` is where descriptors are added, `stream` tells the numbers of those that are ready, 4 bytes each. */
  watchOpen(): { readonly poll: number; readonly stream: number } | number;
  watch(poll: number, descriptor: number, number: number): number;
  unwatch(poll: number, descriptor: number): number;
  lock(descriptor: number, wait: number): number;
  limit(pid: number, resource: number, softAndHard: Uint32Array): number;
  deviceProgram(cgroup: number, program: Uint8Array): number;
  /** native/lib/librunt.h, enum kernel_can */
  probe(): number;
  mapOwners(mount: number, mapping: number, recursive: number): number;
  subreaper(): number;
  captureSignals(): number;
  fitTerminal(master: number): number;
  attach(pid: number, pidfd: number, master: number, notify: number, manager: string): number;
  notifyListen(folder: number, name: string): number;
  notifyWait(notify: number, manager: string, pidfd: number, mainPid: number): number;
  seccompFlags(flags: number): number;
  netOpen(namespace: number): number;
  netFind(socket: number, name: string): { readonly index: number; readonly up: number } | number;
  netList(socket: number, which: number, index: number, buffer: Uint8Array): number;
  netAdd(socket: number, which: number, index: number, message: Uint8Array, whole: number): number;
  netMove(
    socket: number,
    index: number,
    pid: number,
    name: string,
  ): { readonly result: number; readonly index: number };
  netUp(socket: number, index: number): number;
}

let loaded: Librunt | undefined;

/** Loads the addon on first use. */
export function librunt(): Librunt {
  if (loaded) return loaded;
  const addon = load();
  if (!isComplete(addon))
    throw new RuntError('librunt-unusable', {
      path: addonPath(),
      reason: 'it is of another version',
    });
  loaded = addon;
  return addon;
}

function load(): unknown {
  try {
    return loadAddon();
  } catch (cause) {
    const path = addonPath();
    throw new RuntError('librunt-unusable', { path, reason: loadersWords(cause, path) }, { cause });
  }
}

/** The dynamic loader begins with the path, too. */
function loadersWords(cause: unknown, path: string): string {
  const said = cause instanceof Error ? cause.message : String(cause);
  return said.startsWith(`${path}: `) ? said.slice(path.length + 2) : said;
}

/** An addon of another version would lack a function only when it is called. */
function isComplete(addon: unknown): addon is Librunt {
  return typeof addon === 'object' && addon !== null && 'spawn' in addon && 'command' in addon;
}

/** A number for bytes, the same for the same; it finds damage, and withstands nobody. */
export const fingerprint = (bytes: Uint8Array): number => librunt().fingerprint(bytes);
