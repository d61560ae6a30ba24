/**
 * The tools of probe.c, compiled once for all test processes.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execaSync } from 'execa';

const source = join(import.meta.dirname, 'probe.c');

/** Path of the program. */
export function probe(): string {
  const hash = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 16);
  const program = join(tmpdir(), `runt-test-probe-${hash}`);
  if (existsSync(program)) return program;
  const mine = `${program}.${process.pid}`;
  execaSync('musl-gcc', ['-static', '-O1', '-Wall', '-Wextra', '-Werror', '-o', mine, source]);
  renameSync(mine, program);
  return program;
}
