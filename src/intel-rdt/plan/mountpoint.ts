/** Finds resctrl among the mounts; in: the text of /proc/self/mountinfo (proc_pid_mountinfo(5)). */
import { unescapeOctal } from '../../base/octal.ts';

/** Where it usually is, if it is there; else the last place that was mounted. */
export function resctrlMountpoint(mountinfo: string): string | undefined {
  const points = mountinfo.split('\n').flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ', 2);
    if (!after.startsWith('resctrl ')) return [];
    const [, , , , point = ''] = before.split(' ', 5);
    return [unescapeOctal(point)];
  });
  return points.find((point) => point === '/sys/fs/resctrl') ?? points.at(-1);
}
