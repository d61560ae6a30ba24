/**
 * Processes as the cases look at them: shims, whether one is alive, and the limits it has.
 */
import { readdirSync, readFileSync } from 'node:fs';

/** The shim that keeps a container. */
export function shimOf(id: string): number | undefined {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .find((pid) => {
      const words = readOr(`/proc/${pid}/cmdline`, '').split('\0');
      return words[0]?.endsWith('containerd-shim-runc-v2') && words.includes(id);
    });
}

export const isAlive = (pid: number): boolean =>
  /^State:\t[^ZX]/m.test(readOr(`/proc/${pid}/status`, ''));

export function readOr(path: string, otherwise: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return otherwise;
  }
}

/** A control file of the cgroup in which a process is; on v2 without a controller. */
export function controlFile(pid: number, controller: string, file: string): string {
  const lines = readFileSync(`/proc/${pid}/cgroup`, 'utf8').split('\n');
  const path = lines
    .map((line) => /^\d+:([^:]*):(.*)$/.exec(line))
    .find((found) => (found?.[1] ?? '').split(',').includes(controller))?.[2];
  const mounted = controller === '' ? '' : `/${controller}`;
  return readFileSync(`/sys/fs/cgroup${mounted}${path}/${file}`, 'utf8').trim();
}

/** What 512 shares amount to on v2: runc up to 1.3 has a straight line for it, and what came after a curve, on which 1024 is 100. */
export const weightsOf512: readonly string[] = ['20', '59'];
