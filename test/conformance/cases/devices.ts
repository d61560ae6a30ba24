/** config-linux.md#devices, #default-devices, #allowed-device-list; runtime-linux.md. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';

import { constants } from 'node:os';
import { join } from 'node:path';
import { type Case, inside, refused } from '../case.ts';
import { act, errnoOf, mountAt } from '../report.ts';

const section = 'config-linux.md#devices';
const defaults = 'config-linux.md#default-devices';
const allowed = 'config-linux.md#allowed-device-list';
const { EPERM } = constants.errno;

const numbers = {
  null: [1, 3],
  zero: [1, 5],
  full: [1, 7],
  random: [1, 8],
  urandom: [1, 9],
  tty: [5, 0],
} as const;

const supplied: readonly Case[] = Object.entries(numbers).map(([name, [major, minor]]) =>
  inside([defaults, 'MUST', `/dev/${name} is supplied`], {
    ask: [`read /dev/${name}`],
    check: ({ report }) => {
      const device = report.devices[name];
      deepEqual([device?.type, device?.major, device?.minor], ['c', major, minor]);
      equal(device?.mode, 0o666);
      // tty without a terminal is there and has nothing behind it
      if (name !== 'tty') equal(errnoOf(report), 0);
    },
  }),
);

const symlinks: readonly Case[] = (
  [
    ['fd', '/proc/self/fd'],
    ['stdin', '/proc/self/fd/0'],
    ['stdout', '/proc/self/fd/1'],
    ['stderr', '/proc/self/fd/2'],
  ] as const
).map(([name, target]) =>
  inside(['runtime-linux.md#dev-symbolic-links', 'MUST', `/dev/${name} leads to ${target}`], {
    check: ({ report }) => equal(report.devices[name]?.target, target),
  }),
);

const fuse = { path: '/dev/fuse', type: 'c', major: 10, minor: 229 };
const everything = [{ allow: true, access: 'rwm' }];
const mayMakeNodes = {
  '/process/capabilities': Object.fromEntries(
    ['bounding', 'permitted', 'effective'].map((name) => [name, ['CAP_MKNOD']]),
  ),
};

export const deviceCases: readonly Case[] = [
  ...supplied,
  inside([defaults, 'MUST', '/dev/ptmx is the container’s own'], {
    check: ({ report }) => {
      const ptmx = report.devices['ptmx'];
      ok(ptmx?.type === 'c' || /^(\/dev\/)?pts\/ptmx$/.test(ptmx?.target ?? ''));
    },
  }),
  inside([defaults, 'MUST', '/dev/console is the terminal when there is one'], {
    change: { '/process/terminal': true },
    terminal: true,
    check: ({ report }) => {
      equal(mountAt(report, '/dev/console').type, 'devpts');
      equal(report.devices['console']?.type, 'c');
    },
  }),
  ...symlinks,
  inside(
    ['runtime-linux.md#dev-symbolic-links', 'MUST', 'without /proc there are no links into it'],
    {
      change: {
        '/mounts/0': { destination: '/mnt', type: 'tmpfs', source: 'tmpfs' },
        '/linux/maskedPaths': [],
        '/linux/readonlyPaths': [],
      },
      ask: ['read /dev/fd/0'],
      check: ({ report }) => equal(act(report).outcome?.result, -1),
      peers: { runc: 'cannot do without the container’s /proc' },
    },
  ),
  inside(['runtime-linux.md#file-descriptors', 'MUST', 'only the three streams are open'], {
    check: ({ report }) => deepEqual(Object.keys(report.descriptors), ['0', '1', '2']),
  }),
  inside([section, 'MUST', 'a device that is listed is there, with mode and owner'], {
    change: { '/linux/devices': [{ ...fuse, fileMode: 0o640, uid: 7, gid: 8 }] },
    check: ({ report }) => {
      const { type, major, minor, mode, uid, gid } = report.devices['fuse'] ?? {};
      deepEqual([type, major, minor, mode, uid, gid], ['c', 10, 229, 0o640, 7, 8]);
    },
  }),
  inside([section, 'MUST', 'a device may be a block device, or anywhere'], {
    change: {
      '/linux/devices': [
        { path: '/mnt/deep/loop', type: 'b', major: 7, minor: 99, fileMode: 0o600 },
      ],
    },
    ask: ['stat /mnt/deep/loop'],
    check: ({ report }) => {
      deepEqual([act(report).major, act(report).minor], [7, 99]);
      equal((act(report).mode ?? 0) & 0o170000, 0o060000);
    },
  }),
  inside([section, 'MUST', 'a device may be a FIFO'], {
    change: { '/linux/devices': [{ path: '/dev/pipe', type: 'p', fileMode: 0o600 }] },
    check: ({ report }) => equal(report.devices['pipe']?.type, 'p'),
  }),
  inside([section, 'MUST', 'type u is an unbuffered character device'], {
    change: { '/linux/devices': [{ ...fuse, type: 'u' }] },
    check: ({ report }) => equal(report.devices['fuse']?.type, 'c'),
  }),
  inside([section, 'MUST', 'a file that is the device already is taken as it is'], {
    change: { '/linux/devices': [{ path: '/mnt/null', type: 'c', major: 1, minor: 3 }] },
    prepare: ({ rootfs }) => spawnSync('mknod', [join(rootfs, 'mnt/null'), 'c', '1', '3']),
    ask: ['stat /mnt/null'],
    check: ({ report }) => deepEqual([act(report).major, act(report).minor], [1, 3]),
  }),
  refused([section, 'MUST', 'another file in the place of a device is an error'], {
    change: { '/linux/devices': [{ path: '/etc/file', type: 'c', major: 1, minor: 3 }] },
    peers: {
      runc: 'takes any file that is there for the device',
      crun: 'takes any file that is there for the device',
    },
  }),
  refused([section, 'MUST', 'another device in the place of a device is an error'], {
    change: { '/linux/devices': [{ path: '/mnt/null', type: 'c', major: 1, minor: 3 }] },
    prepare: ({ rootfs }) => spawnSync('mknod', [join(rootfs, 'mnt/null'), 'c', '1', '5']),
    peers: {
      runc: 'takes any file that is there for the device',
      crun: 'takes any file that is there for the device',
    },
  }),
  refused([section, 'MUST', 'a device needs a path'], {
    change: { '/linux/devices': [{ type: 'c', major: 1, minor: 3 }] },
    finding: { code: 'schema/required', pointer: '/linux/devices/0/path' },
    peers: { runc: 'Go reads a missing path as none, and there is nothing to make' },
  }),
  refused([section, 'MUST', 'a device needs its numbers'], {
    change: { '/linux/devices': [{ path: '/dev/x', type: 'c', major: 1 }] },
    finding: { code: 'device-number', pointer: '/linux/devices/0/minor' },
    peers: { runc: 'Go reads a missing number as 0', crun: 'reads a missing number as 0' },
  }),
  refused([section, 'MUST', 'the type is one of four'], {
    change: { '/linux/devices': [{ ...fuse, type: 'x' }] },
    finding: { code: 'schema/enum', pointer: '/linux/devices/0/type' },
    peers: { crun: 'makes a character device of any type that it does not know' },
  }),
  inside([allowed, 'MUST', 'a device that is denied cannot be opened'], {
    change: {
      '/linux/devices': [{ ...fuse, fileMode: 0o666 }],
      '/linux/resources/devices': [{ allow: false, access: 'rwm' }],
    },
    ask: ['write /dev/fuse'],
    check: ({ report }) => equal(errnoOf(report), EPERM),
  }),
  inside([allowed, 'MUST', 'a device that is allowed can be opened'], {
    change: {
      '/linux/devices': [{ ...fuse, fileMode: 0o666 }],
      '/linux/resources/devices': [
        { allow: false, access: 'rwm' },
        { allow: true, type: 'c', major: 10, minor: 229, access: 'rw' },
      ],
    },
    ask: ['write /dev/fuse'],
    check: ({ report }) => equal(errnoOf(report), 0),
  }),
  inside([allowed, 'MUST', 'entries hold in their order, the last one wins'], {
    change: {
      '/linux/devices': [{ ...fuse, fileMode: 0o666 }],
      '/linux/resources/devices': [
        ...everything,
        { allow: false, type: 'c', major: 10, minor: 229, access: 'rw' },
      ],
      ...mayMakeNodes,
    },
    ask: ['write /dev/fuse', 'read /dev/null'],
    check: ({ report }) => deepEqual([errnoOf(report, 0), errnoOf(report, 1)], [EPERM, 0]),
  }),
  inside([allowed, 'MUST', 'an access that is not named stays denied'], {
    change: {
      '/linux/resources/devices': [
        { allow: false, access: 'rwm' },
        { allow: true, type: 'c', major: 1, minor: 11, access: 'm' },
      ],
      ...mayMakeNodes,
    },
    // below /dev: the rootfs may lie on a file system of the host's without devices
    ask: ['mknod /dev/mine c 1 11', 'read /dev/mine'],
    check: ({ report }) => deepEqual([errnoOf(report, 0), errnoOf(report, 1)], [0, EPERM]),
  }),
  inside([allowed, 'MUST', 'default devices stay open whatever is denied'], {
    change: { '/linux/resources/devices': [{ allow: false, access: 'rwm' }] },
    ask: ['read /dev/zero', 'write /dev/null', 'read /dev/urandom'],
    check: ({ report }) =>
      deepEqual(
        [0, 1, 2].map((index) => errnoOf(report, index)),
        [0, 0, 0],
      ),
  }),
  refused([allowed, 'MUST', 'an entry says whether it allows'], {
    change: { '/linux/resources/devices': [{ access: 'rwm' }] },
    finding: { code: 'schema/required', pointer: '/linux/resources/devices/0/allow' },
    peers: {
      runc: 'Go reads a missing boolean as false',
      crun: 'reads a missing boolean as false',
    },
  }),
  refused([allowed, 'MUST', 'access is made of r, w and m'], {
    change: { '/linux/resources/devices': [{ allow: true, access: 'rx' }] },
    finding: { code: 'schema/pattern', pointer: '/linux/resources/devices/0/access' },
    peers: { runc: 'ignores other letters', crun: 'ignores other letters' },
  }),
];
