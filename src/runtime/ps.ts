/**
 * `ps`: the processes of a container, by its cgroup, and what the host's ps(1) says of them.
 */
import { isRuntError, RuntError } from '../base/errors.ts';
import type { CommandResult } from '../kernel/kernel.ts';
import { recordOf } from './observe.ts';
import type { Ports } from './ports.ts';
import type { PsRequest } from './requests.ts';

/** Host pids; none when the container has stopped. */
export async function processes(
  ports: Pick<Ports, 'store' | 'cgroups'>,
  id: string,
): Promise<readonly number[]> {
  const record = recordOf(ports, id);
  if (record.cgroup.directories.length > 0) return ports.cgroups.processes(record.cgroup);
  return (await import('./rootless/processes.ts')).processesWithout(record);
}

/** Header and lines of `ps ARGUMENTS`, of which those of other processes are left out. */
export async function processTable(
  ports: Pick<Ports, 'store' | 'cgroups' | 'kernel'>,
  { id, args }: PsRequest,
): Promise<string> {
  const pids = new Set(await processes(ports, id));
  const [header = '', ...rows] = output(args.length === 0 ? ['-ef'] : args, ports).split('\n');
  const column = header.trim().split(/\s+/).indexOf('PID');
  if (column < 0) throw new RuntError('usage', { text: "couldn't find PID field in ps output" });
  const ours = rows.filter((row) => pids.has(Number(row.trim().split(/\s+/)[column])));
  return [header, ...ours].map((line) => `${line}\n`).join('');
}

function output(args: readonly string[], { kernel }: Pick<Ports, 'kernel'>): string {
  const { status, stdout, stderr } = run(kernel, args);
  if (status === 0) return stdout;
  throw new RuntError('usage', { text: `ps: ${stderr.trim() || `ended with status ${status}`}` });
}

function run(kernel: Ports['kernel'], args: readonly string[]): CommandResult {
  try {
    return kernel.command(['ps', ...args]);
  } catch (cause) {
    if (!isRuntError(cause, 'system-call') || cause.facts.errno !== 'ENOENT') throw cause;
    throw new RuntError('usage', { text: 'ps: this host has no ps(1) in its PATH' }, { cause });
  }
}
