/**
 * Small C programs for containers, compiled once for all test processes.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { execaSync } from 'execa';

const build = resolve(import.meta.dirname, '../../native/build');

const forContainers = ['musl-gcc', '-static'] as const;

/** Path of the tools of probe.c. */
export const probe = (): string => compiled('probe', forContainers);

/** Path of the program that tries system calls. */
export const syscallProbe = (): string => compiled('syscall-probe', forContainers);

/** Path of the program that makes system calls fail for another; it needs the kernel's headers, which musl has not. */
export const lacking = (): string => compiled('lacking', ['gcc', '-static']);

/** Path of the program below which a client runs. */
export const keeper = (): string => compiled('keeper', forContainers);

/** Path of the first program of a pod. */
export const pause = (): string => compiled('pause', forContainers);

function compiled(name: string, [compiler, ...flags]: readonly [string, ...string[]]): string {
  const source = join(import.meta.dirname, `${name}.c`);
  const hash = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 16);
  const program = join(build, `test-${name}-${hash}`);
  if (existsSync(program)) return program;
  const mine = `${program}.${process.pid}`;
  execaSync(compiler, [...flags, '-O1', '-Wall', '-Wextra', '-Werror', '-o', mine, source]);
  renameSync(mine, program);
  return program;
}
