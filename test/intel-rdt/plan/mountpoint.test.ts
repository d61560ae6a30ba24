import { expect, test } from 'vitest';
import { resctrlMountpoint } from '../../../src/intel-rdt/plan/mountpoint.ts';

const other = '25 1 8:1 / / rw,relatime shared:1 - ext4 /dev/root rw\n';
const at = (path: string) => `40 25 0:32 / ${path} rw shared:9 - resctrl resctrl rw,mba_MBps\n`;

test.each([
  [other, undefined],
  ['', undefined],
  [other + at('/sys/fs/resctrl'), '/sys/fs/resctrl'],
  [other + at('/mnt/my\\040rdt'), '/mnt/my rdt'],
  [at('/sys/fs/resctrl') + other + at('/other'), '/sys/fs/resctrl'],
  ['41 25 0:33 / /resctrl rw - tmpfs resctrl rw\n', undefined],
])('%j', (mountinfo, expected) => {
  expect(resctrlMountpoint(mountinfo)).toBe(expected);
});
