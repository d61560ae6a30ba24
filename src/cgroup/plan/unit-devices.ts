/**
 * The container's device filter in systemd's words, so that systemd does not take away what we allow when it
 * applies a unit's settings anew (after a daemon-reload, for example).
 *
 * Our own filter, written behind systemd's, is what holds in the end. systemd can say only `allow this`, so what it
 * cannot say is told apart: on v2 systemd is then told to filter nothing, as its program and ours must both
 * allow; on v1 it would open the very file that we write, so there it allows too little rather than too much.
 */
import { accessText } from './device-access.ts';
import { allowsEverything, type DeviceException, type DeviceFilter } from './device-rules.ts';
import { textProperty, type UnitProperty } from './unit-property.ts';

export interface UnitDevices {
  readonly properties: readonly UnitProperty[];
  /** What systemd was not told: only our own filter has it. */
  readonly unsaid: readonly DeviceException[];
}

export interface DeviceManager {
  readonly cgroupVersion: 1 | 2;
  /** systemd's. */
  readonly version: number;
}

export function unitDevices(filter: DeviceFilter, manager: DeviceManager): UnitDevices {
  if (allowsEverything(filter)) return { properties: unfiltered, unsaid: [] };
  const unsaid = filter.defaultAllow
    ? filter.exceptions
    : filter.exceptions.filter((exception) => deviceName(exception, manager) === undefined);
  if (unsaid.length > 0 && manager.cgroupVersion === 2) return { properties: unfiltered, unsaid };
  const allowed = filter.defaultAllow
    ? []
    : filter.exceptions.flatMap((exception) => {
        const name = deviceName(exception, manager);
        return name === undefined ? [] : [[name, accessText(exception.access)] as const];
      });
  // a list that is set is added to the one before
  const list = allowed.length === 0 ? [] : [{ ...emptied, value: allowed }];
  return { properties: [emptied, textProperty('DevicePolicy', 'strict'), ...list], unsaid };
}

/** An empty list takes back all entries. */
const emptied: UnitProperty = { name: 'DeviceAllow', signature: 'a(ss)', value: [] };
const unfiltered: readonly UnitProperty[] = [emptied, textProperty('DevicePolicy', 'auto')];

/** Before this version, majors had to be names out of /proc/devices, and nodes had to exist. */
const byNumber = 240;

function deviceName(
  { type, major, minor }: DeviceException,
  { version }: DeviceManager,
): string | undefined {
  const kind = type === 'b' ? 'block' : 'char';
  if (major === '*') return minor === '*' ? `${kind}-*` : undefined;
  if (minor !== '*') return `/dev/${kind}/${major}:${minor}`;
  return version >= byNumber ? `${kind}-${major}` : undefined;
}
