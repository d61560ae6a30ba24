/**
 * /dev: the devices that every container has (config-linux.md#default-devices), those of the config, and the links
 * of runtime-linux.md#dev-symbolic-links.
 *
 * In a user namespace mknod(2) is refused, so the host's own nodes are bound in; they were opened before.
 */
import type { Config, Device } from '../bundle/config.ts';
import { cleanDestination } from './destination.ts';
import { make, openFlag } from './flags.ts';
import type { Slot } from './generated/ops.ts';
import type { MountApi } from './mount-api.ts';
import { isBind } from './bind-source.ts';
import { parseMountOptions } from './mount-options.ts';
import type { Draft } from './plan.ts';

const typeBits: Readonly<Record<Device['type'], number>> = {
  c: 0o020000,
  u: 0o020000,
  b: 0o060000,
  p: 0o010000,
};

const character = (path: string, major: number, minor: number): Device => ({
  type: 'c',
  path,
  major,
  minor,
  fileMode: 0o666,
  uid: 0,
  gid: 0,
});

const defaults: readonly Device[] = [
  character('/dev/null', 1, 3),
  character('/dev/zero', 1, 5),
  character('/dev/full', 1, 7),
  character('/dev/random', 1, 8),
  character('/dev/urandom', 1, 9),
  character('/dev/tty', 5, 0),
];

const links: readonly (readonly [path: string, target: string])[] = [
  ['/dev/fd', '/proc/self/fd'],
  ['/dev/stdin', '/proc/self/fd/0'],
  ['/dev/stdout', '/proc/self/fd/1'],
  ['/dev/stderr', '/proc/self/fd/2'],
  ['/dev/core', '/proc/kcore'],
  ['/dev/ptmx', 'pts/ptmx'],
];

export interface PlannedDevice {
  readonly device: Device;
  readonly origin: string;
}

/** A /dev that is bound from elsewhere is the user's business; runt adds nothing to it, as runc does not. */
export function devIsBound(config: Config): boolean {
  return (config.mounts ?? []).some(
    (mount) =>
      cleanDestination(mount.destination) === '/dev' &&
      isBind(mount, parseMountOptions(mount.options ?? [])),
  );
}

/** The config's devices win over default ones of the same path; /dev/ptmx is always the container's own. */
export function plannedDevices(config: Config): readonly PlannedDevice[] {
  const own = (config.linux?.devices ?? []).map((device, index) => ({
    device,
    origin: `linux.devices[${index}]`,
  }));
  const taken = new Set(own.map(({ device }) => device.path));
  const rest = defaults
    .filter((device) => !taken.has(device.path))
    .map((device) => ({ device, origin: '' }));
  return [...rest, ...own.filter(({ device }) => device.path !== '/dev/ptmx')];
}

export function openHostDevices(
  draft: Draft,
  mounts: MountApi,
  devices: readonly PlannedDevice[],
): Slot[] {
  return devices.map(({ device, origin }) => {
    const node = draft.takeSlot();
    mounts.openTree(`open the host's ${device.path}`, device.path, false, node, { origin });
    return node;
  });
}

export function addDevices(
  draft: Draft,
  mounts: MountApi,
  rootfs: Slot,
  devices: readonly PlannedDevice[],
  opened: readonly Slot[],
): void {
  for (const [index, { device, origin }] of devices.entries()) {
    const node = opened[index];
    if (node === undefined) makeNode(draft, rootfs, device, origin);
    else bindNode(draft, mounts, rootfs, device.path, node, origin);
  }
}

function makeNode(draft: Draft, root: Slot, device: Device, origin: string): void {
  draft.add(
    `make the device ${device.path}`,
    {
      kind: 'makeNode',
      root,
      path: cleanDestination(device.path),
      mode: typeBits[device.type] | ((device.fileMode ?? 0o666) & 0o7777),
      major: device.major ?? 0,
      minor: device.minor ?? 0,
      uid: device.uid ?? 0,
      gid: device.gid ?? 0,
    },
    { origin, explain: { EEXIST: 'something else is there already' } },
  );
}

function bindNode(
  draft: Draft,
  mounts: MountApi,
  root: Slot,
  path: string,
  node: Slot,
  origin: string,
): void {
  const target = draft.takeSlot();
  draft.add(
    `open ${path} for the host's device`,
    {
      kind: 'openTarget',
      root,
      path: cleanDestination(path),
      make: make.file,
      like: node,
      mode: 0o644,
      resolve: 0,
      into: target,
    },
    { origin },
  );
  mounts.attach(`bind the host's ${path}`, node, target, { origin });
  draft.release(node, target);
}

export function addDeviceLinks(draft: Draft, root: Slot): void {
  for (const [path, target] of links)
    draft.add(`link ${path} to ${target}`, { kind: 'makeSymlink', root, path, target });
}

/** The host's /dev/null, verified to be it: what masked files are covered with (CVE-2025-31133). */
export function openVerifiedNull(draft: Draft): Slot {
  const device = draft.takeSlot();
  draft.add("open the host's /dev/null", {
    kind: 'openHost',
    path: '/dev/null',
    flags: openFlag.path,
    into: device,
  });
  draft.add(
    "verify the host's /dev/null",
    { kind: 'verifyDevice', device, major: 1, minor: 3 },
    { explain: { ENODEV: 'it is not the null device' } },
  );
  return device;
}
