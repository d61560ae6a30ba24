/**
 * A device filter as writes to the v1 controller's files (see admin-guide/cgroup-v1/devices.rst).
 *
 * A new cgroup begins with a copy of its parent's rules, which cannot be read back when it allows by
 * default. So the first write sets the default, which also forgets every exception.
 */
import { accessText } from './device-access.ts';
import type { DeviceException, DeviceFilter } from './device-rules.ts';

export interface DeviceWrite {
  readonly file: 'devices.allow' | 'devices.deny';
  /** One rule: the kernel takes one in each write(2). */
  readonly value: string;
}

/** In the order in which they must be made. */
export function deviceWritesV1(filter: DeviceFilter): readonly DeviceWrite[] {
  const [usual, exceptional] = filter.defaultAllow
    ? (['devices.allow', 'devices.deny'] as const)
    : (['devices.deny', 'devices.allow'] as const);
  return [
    { file: usual, value: 'a' },
    ...filter.exceptions.map((exception) => ({ file: exceptional, value: ruleText(exception) })),
  ];
}

function ruleText({ type, major, minor, access }: DeviceException): string {
  return `${type} ${major}:${minor} ${accessText(access)}`;
}
