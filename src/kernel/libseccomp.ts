/**
 * libseccomp: turns names of system calls into numbers, and rules into a program of classic BPF.
 *
 * It only computes: what it makes is loaded by runt-init. So its switches for loading are left alone.
 */
import { closeSync, readFileSync } from 'node:fs';
import { errnoName } from '../base/errno-text.ts';
import { RuntError } from '../base/errors.ts';
import { libseccompName } from './library-file.ts';
import {
  bytesAt,
  cLibrary,
  cText,
  type ForeignCall,
  type SystemLibrary,
  systemLibrary,
} from './system-library.ts';

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
  readonly init: ForeignCall;
  readonly release: ForeignCall;
  readonly addArchitecture: ForeignCall;
  readonly setAttribute: ForeignCall;
  readonly resolve: ForeignCall;
  readonly addRule: ForeignCall;
  /** The program's bytes, or -errno. */
  exported(filter: number): Uint8Array | number;
}

/** undefined where there is no libseccomp. */
export function libseccompVersion(): string | undefined {
  try {
    return versionOf(open());
  } catch {
    return undefined;
  }
}

export function openLibseccomp(): Libseccomp {
  const library = open();
  const version = versionOf(library);
  const calls = bind(library);
  return {
    version,
    number: (architecture, name) => calls.resolve(architecture, cText(name)),
    build: (request) => build(calls, request, version),
  };
}

const open = (): SystemLibrary => systemLibrary(libseccompName, 'linux.seccomp');

/** struct scmp_version: three unsigned int */
function versionOf(library: SystemLibrary): string {
  const version = bytesAt(library.pointer('seccomp_version')(), 12);
  return [0, 4, 8].map((at) => version.getUint32(at, true)).join('.');
}

function bind(library: SystemLibrary): Calls {
  return {
    init: library.pointer('seccomp_init'),
    release: library.int('seccomp_release'),
    addArchitecture: library.int('seccomp_arch_add'),
    setAttribute: library.int('seccomp_attr_set'),
    resolve: library.int('seccomp_syscall_resolve_name_arch'),
    addRule: library.int('seccomp_rule_add_array'),
    exported: library.has('seccomp_export_bpf_mem')
      ? memoryExport(library)
      : fileExport(library.int('seccomp_export_bpf')),
  };
}

/** `seccomp_export_bpf_mem(filter, buffer, &size)`: since libseccomp 2.6. */
function memoryExport(library: SystemLibrary): Calls['exported'] {
  const call = library.int('seccomp_export_bpf_mem');
  return (filter) => {
    const size = new BigUint64Array(1);
    const asked = call(filter, 0, size);
    if (asked < 0) return asked;
    const buffer = new Uint8Array(Number(size[0] ?? 0n));
    const result = call(filter, buffer, size);
    return result < 0 ? result : buffer;
  };
}

/** `memfd_create`, `seccomp_export_bpf` */
function fileExport(exportTo: ForeignCall): Calls['exported'] {
  const closeOnExec = 1;
  const memfd = cLibrary().call('memfd_create');
  return (filter) => {
    const descriptor = memfd(cText('seccomp'), closeOnExec);
    if (descriptor < 0) return descriptor;
    try {
      const result = exportTo(filter, descriptor);
      return result < 0 ? result : readFileSync(`/proc/self/fd/${descriptor}`);
    } finally {
      closeSync(descriptor);
    }
  };
}

/** struct scmp_arg_cmp: unsigned int, enum, two uint64_t */
function comparisonsOf({ comparisons }: FilterRule): Uint8Array {
  const size = 24;
  const bytes = new Uint8Array(size * comparisons.length);
  const view = new DataView(bytes.buffer);
  for (const [i, { index, operator, a, b }] of comparisons.entries()) {
    view.setUint32(i * size, index, true);
    view.setInt32(i * size + 4, operator, true);
    view.setBigUint64(i * size + 8, a, true);
    view.setBigUint64(i * size + 16, b, true);
  }
  return bytes;
}

function build(calls: Calls, request: FilterRequest, version: string): Uint8Array {
  const failure = (doing: string, result: number) =>
    new RuntError('system-call', {
      doing: `${doing} with libseccomp ${version}`,
      errno: errnoName(-result),
    });
  const filter = calls.init(request.defaultAction);
  if (filter === 0) throw failure('start a filter of linux.seccomp.defaultAction', -22);
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
    for (const rule of request.rules) {
      const { action, number, comparisons, origin } = rule;
      const result = calls.addRule(filter, action, number, comparisons.length, comparisonsOf(rule));
      if (result < 0) throw failure(`add ${origin}`, result);
    }
    const program = calls.exported(filter);
    if (typeof program === 'number') throw failure('export the filter', program);
    return program;
  } finally {
    calls.release(filter);
  }
}
