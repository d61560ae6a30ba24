/**
 * libseccomp: turns names of system calls into numbers, and rules into a program of classic BPF.
 *
 * It only computes: what it makes is loaded by runt-init. So its switches for loading are left alone.
 */
import { closeSync, readFileSync } from 'node:fs';
import { errnoName } from '../base/errno-text.ts';
import { RuntError } from '../base/errors.ts';
import { libseccompName } from './library-file.ts';
import { type SystemLibrary, systemLibrary } from './system-library.ts';

export interface FilterRule {
  readonly action: number;
  readonly number: number;
  /** struct scmp_arg_cmp; all must hold. */
  readonly comparisons: readonly {
    readonly index: number;
    readonly operator: number;
    readonly a: bigint;
    readonly b: bigint;
  }[];
  /** For the error: `linux.seccomp.syscalls[3] (mkdir)`. */
  readonly origin: string;
}

export interface FilterRequest {
  readonly defaultAction: number;
  readonly architectures: readonly { readonly token: number; readonly name: string }[];
  readonly binaryTree: boolean;
  readonly rules: readonly FilterRule[];
}

export interface Libseccomp {
  /** `seccomp_version()`: `2.5.4` */
  readonly version: string;
  /** `seccomp_syscall_resolve_name_arch(architecture, name)`: -1 for no name of any, other negatives for none there. */
  number(architecture: number, name: string): number;
  /** `seccomp_init`, `seccomp_arch_add`, `seccomp_rule_add_array`, `seccomp_export_bpf`: the program's bytes. */
  build(request: FilterRequest): Uint8Array;
}

/** SCMP_FLTATR_CTL_OPTIMIZE, and its value for the tree */
const optimize = 8;
const binaryTree = 2;
const eexist = -17;

interface Calls {
  init(action: number): unknown;
  release(filter: unknown): void;
  addArchitecture(filter: unknown, token: number): number;
  setAttribute(filter: unknown, attribute: number, value: number): number;
  resolve(architecture: number, name: string): number;
  addRule(
    filter: unknown,
    action: number,
    number: number,
    count: number,
    comparisons: unknown,
  ): number;
  /** The program's bytes, or -errno. */
  exported(filter: unknown): Uint8Array | number;
}

/** undefined where there is no libseccomp. */
export async function libseccompVersion(): Promise<string | undefined> {
  try {
    return versionOf(await systemLibrary(libseccompName));
  } catch {
    return undefined;
  }
}

export async function openLibseccomp(): Promise<Libseccomp> {
  const opened = await systemLibrary(libseccompName).catch((cause: unknown) => {
    throw new RuntError('host-lacks', { what: libseccompName, needed: 'linux.seccomp' }, { cause });
  });
  const version = versionOf(opened);
  const calls = bind(opened, (await systemLibrary(null)).library);
  return {
    version,
    number: calls.resolve,
    build: (request) => build(calls, request, version),
  };
}

function versionOf({ ffi, library }: SystemLibrary): string {
  const version = ffi.struct({ major: 'uint', minor: 'uint', micro: 'uint' });
  const call = library.func('seccomp_version', ffi.pointer(version), []);
  const found: unknown = ffi.decode(call(), version);
  const part = (name: string): string =>
    typeof found === 'object' && found !== null ? String(Reflect.get(found, name)) : '?';
  return `${part('major')}.${part('minor')}.${part('micro')}`;
}

function bind({ ffi, library }: SystemLibrary, libc: SystemLibrary['library']): Calls {
  const comparison = ffi.struct({ index: 'uint', operator: 'int', a: 'uint64_t', b: 'uint64_t' });
  const exportTo: (filter: unknown, descriptor: number) => number = library.func(
    'seccomp_export_bpf',
    'int',
    ['void *', 'int'],
  );
  const memfd: (name: string, flags: number) => number = libc.func('memfd_create', 'int', [
    'str',
    'uint',
  ]);
  return {
    init: library.func('seccomp_init', 'void *', ['uint32_t']),
    release: library.func('seccomp_release', 'void', ['void *']),
    addArchitecture: library.func('seccomp_arch_add', 'int', ['void *', 'uint32_t']),
    setAttribute: library.func('seccomp_attr_set', 'int', ['void *', 'int', 'uint32_t']),
    resolve: library.func('seccomp_syscall_resolve_name_arch', 'int', ['uint32_t', 'str']),
    addRule: library.func('seccomp_rule_add_array', 'int', [
      'void *',
      'uint32_t',
      'int',
      'uint',
      ffi.pointer(comparison),
    ]),
    exported: memoryExport(library) ?? ((filter) => exportThroughFile(filter, exportTo, memfd)),
  };
}

/** `seccomp_export_bpf_mem(filter, buffer, &size)`: since libseccomp 2.6. */
function memoryExport(library: SystemLibrary['library']): Calls['exported'] | undefined {
  let call: (filter: unknown, buffer: Uint8Array | null, size: BigUint64Array) => number;
  try {
    call = library.func('seccomp_export_bpf_mem', 'int', ['void *', 'void *', 'void *']);
  } catch {
    return undefined;
  }
  return (filter) => {
    const size = new BigUint64Array(1);
    const asked = call(filter, null, size);
    if (asked < 0) return asked;
    const buffer = new Uint8Array(Number(size[0] ?? 0n));
    const result = call(filter, buffer, size);
    return result < 0 ? result : buffer;
  };
}

/** `memfd_create`, `seccomp_export_bpf` */
function exportThroughFile(
  filter: unknown,
  exportTo: (filter: unknown, descriptor: number) => number,
  memfd: (name: string, flags: number) => number,
): Uint8Array | number {
  const closeOnExec = 1;
  const descriptor = memfd('seccomp', closeOnExec);
  // memfd_create fails only for want of memory or descriptors
  if (descriptor < 0) return -24;
  try {
    const result = exportTo(filter, descriptor);
    return result < 0 ? result : readFileSync(`/proc/self/fd/${descriptor}`);
  } finally {
    closeSync(descriptor);
  }
}

function build(calls: Calls, request: FilterRequest, version: string): Uint8Array {
  const failure = (doing: string, result: number) =>
    new RuntError('system-call', {
      doing: `${doing} with libseccomp ${version}`,
      errno: errnoName(-result),
    });
  const filter = calls.init(request.defaultAction);
  if (filter === null) throw failure('start a filter of linux.seccomp.defaultAction', -22);
  try {
    for (const { token, name } of request.architectures) {
      const result = calls.addArchitecture(filter, token);
      // the native one is there from the start
      if (result < 0 && result !== eexist)
        throw new RuntError('host-lacks', {
          what: `${name} in libseccomp ${version}`,
          needed: 'linux.seccomp.architectures',
        });
    }
    // before 2.5 there is no tree: the filter is the same, only slower
    if (request.binaryTree) calls.setAttribute(filter, optimize, binaryTree);
    for (const { action, number, comparisons, origin } of request.rules) {
      const result = calls.addRule(filter, action, number, comparisons.length, [...comparisons]);
      if (result < 0) throw failure(`add ${origin}`, result);
    }
    const program = calls.exported(filter);
    if (typeof program === 'number') throw failure('export the filter', program);
    return program;
  } finally {
    calls.release(filter);
  }
}
