/**
 * Small C programs for containers, compiled once for all test processes.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execaSync } from 'execa';

/** Path of the tools of probe.c. */
export const probe = (): string => compiled('probe');

/** Path of the program that tries system calls. */
export const syscallProbe = (): string => compiled('syscall-probe');

function compiled(name: string): string {
  const source = join(import.meta.dirname, `${name}.c`);
  const hash = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 16);
  const program = join(tmpdir(), `runt-test-${name}-${hash}`);
  if (existsSync(program)) return program;
  const mine = `${program}.${process.pid}`;
  execaSync('musl-gcc', ['-static', '-O1', '-Wall', '-Wextra', '-Werror', '-o', mine, source]);
  renameSync(mine, program);
  return program;
}
