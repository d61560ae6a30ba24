/**
 * What an errno means for a control file, where the kernel's own words tell nothing.
 */
import type { PlannedWrite } from '../plan/plan-limits.ts';
import { readControlIfPresent } from './control-file.ts';

/** Empty where there is nothing to add. */
export function refusalHint(
  path: string,
  { file, value, line }: PlannedWrite,
  errno: string,
): string {
  if (/^memory\.(memsw\.)?limit_in_bytes$/.test(file) && errno === 'EBUSY') return usage(path);
  if (file.startsWith('cpuset.')) return cpusetHint(path, file, errno);
  if (line !== undefined && /^(EINVAL|ENODEV|ENXIO)$/.test(errno))
    return `is there a ${line.key} on this host?`;
  if (errno === 'ERANGE' || errno === 'EINVAL') return `${value} is out of the range of the kernel`;
  if (errno === 'EOPNOTSUPP' || errno === 'ENOTSUP')
    return 'this kernel does not limit that any more';
  return '';
}

function usage(path: string): string {
  const read = (name: string): string => readControlIfPresent(path, name)?.trim() ?? 'unknown';
  const [current, peak] = [read('memory.usage_in_bytes'), read('memory.max_usage_in_bytes')];
  return `current usage: ${current}, peak usage: ${peak}`;
}

function cpusetHint(path: string, file: string, errno: string): string {
  if (!/^(EACCES|EINVAL|ERANGE|ENOSPC)$/.test(errno)) return '';
  const parent = path.slice(0, path.lastIndexOf('/'));
  const allowed =
    readControlIfPresent(parent, `${file}.effective`) ?? readControlIfPresent(parent, file) ?? '';
  return allowed === '' ? '' : `the cgroup above has ${allowed.trim()}`;
}
