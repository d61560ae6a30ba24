/** config-linux.md: sysctl, masked and read-only paths, propagation of the root, labels, personality, memory policy. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { type Case, inside, refused } from '../case.ts';
import { act, errnoOf, mountAt } from '../report.ts';

const { EROFS } = constants.errno;
const sysctl = 'config-linux.md#sysctl';
const masked = 'config-linux.md#masked-paths';
const readonly = 'config-linux.md#readonly-paths';
const root = 'config-linux.md#rootfs-mount-propagation';
const policy = 'config-linux.md#memory-policy';

const young = {
  runc: '1.1.5 is older than the property and ignores it',
  crun: '1.8.1 is older than the property and ignores it',
};

const values: readonly (readonly [name: string, path: string, text: string])[] = [
  ['net.ipv4.ip_forward', 'net/ipv4/ip_forward', '1'],
  ['net/ipv4/conf/lo/rp_filter', 'net/ipv4/conf/lo/rp_filter', '2'],
  ['kernel.shm_rmid_forced', 'kernel/shm_rmid_forced', '1'],
  ['kernel.msgmax', 'kernel/msgmax', '9000'],
  ['fs.mqueue.msg_max', 'fs/mqueue/msg_max', '20'],
];

const refusedSysctl = (
  says: string,
  change: object,
  name: string,
  code: string,
  peers = {},
): Case =>
  refused([sysctl, 'MUST', says], {
    change: { ...change, '/linux/sysctl': { [name]: '1' } },
    finding: { code, pointer: `/linux/sysctl/${name.replaceAll('/', '~1')}` },
    peers,
  });

const without = (...types: readonly string[]) => ({
  '/linux/namespaces': ['pid', 'network', 'ipc', 'uts', 'mount']
    .filter((type) => !types.includes(type))
    .map((type) => ({ type })),
  '/hostname': undefined,
});

const badPolicy = (says: string, value: object, pointer: string, code: string): Case =>
  refused([policy, 'MUST', says], {
    change: { '/linux/memoryPolicy': value },
    finding: { code, pointer: `/linux/memoryPolicy${pointer}` },
    peers: young,
  });

const propagations = [
  ['shared', 'shared'],
  ['slave', 'master'],
  ['private', ''],
  ['unbindable', 'unbindable'],
] as const;

export const pathCases: readonly Case[] = [
  ...values.map(([name, path, text]) =>
    inside([sysctl, 'MUST', `${name} is set`], {
      change: { '/linux/sysctl': { [name]: text } },
      ask: [`read /proc/sys/${path}`],
      check: ({ report }) => equal(act(report).text, `${text}\n`),
    }),
  ),
  refusedSysctl(
    'a sysctl of ipc needs an ipc namespace',
    without('ipc'),
    'kernel.msgmax',
    'sysctl-needs-ipc',
  ),
  refusedSysctl(
    'a sysctl of net needs a network namespace',
    without('network'),
    'net.ipv4.ip_forward',
    'sysctl-needs-network',
  ),
  refusedSysctl(
    'a sysctl of the whole host is an error',
    {},
    'kernel.panic',
    'sysctl-not-namespaced',
  ),
  refusedSysctl(
    'a name that leads out of its folder is an error',
    {},
    'net/../kernel/panic',
    'sysctl-name',
  ),
  refusedSysctl('kernel.hostname is hostname’s', {}, 'kernel.hostname', 'sysctl-hostname'),
  refused([sysctl, 'MUST', 'a sysctl that does not exist is an error'], {
    change: { '/linux/sysctl': { 'net.no.such': '1' } },
  }),
  refused([sysctl, 'MUST', 'the value of a sysctl is a string'], {
    change: { '/linux/sysctl': { 'net.ipv4.ip_forward': true } },
    finding: { code: 'schema/type', pointer: '/linux/sysctl/net.ipv4.ip_forward' },
  }),
  inside([masked, 'MUST', 'a masked file cannot be read'], {
    change: { '/linux/maskedPaths': ['/etc/file'] },
    ask: ['read /etc/file'],
    check: ({ report }) => ok((act(report).outcome?.result ?? 0) <= 0 && !act(report).text),
  }),
  inside([masked, 'MUST', 'a masked folder shows nothing and takes nothing'], {
    change: { '/linux/maskedPaths': ['/etc'] },
    ask: ['list /etc', 'touch /etc/new'],
    check: ({ report }) => {
      deepEqual(act(report).names, []);
      equal(errnoOf(report, 1), EROFS);
    },
  }),
  inside([masked, 'MUST', 'a masked path that is missing is left out'], {
    change: { '/linux/maskedPaths': ['/no/such', '/etc/file'] },
    ask: ['read /etc/file'],
    check: ({ report }) => ok(!act(report).text),
  }),
  inside([masked, 'MUST', 'a masked path of a read-only root is masked, too'], {
    change: { '/linux/maskedPaths': ['/etc/file'], '/root/readonly': true },
    ask: ['read /etc/file'],
    check: ({ report }) => ok(!act(report).text),
  }),
  refused([masked, 'MUST', 'masked paths are absolute'], {
    change: { '/linux/maskedPaths': ['etc/file'] },
    finding: { code: 'restricted-path-absolute', pointer: '/linux/maskedPaths/0' },
    peers: { runc: 'reads them from /', crun: 'reads them from /' },
  }),
  refused([masked, 'MUST', 'masked paths need a mount namespace'], {
    change: { ...without('mount'), '/linux/readonlyPaths': [] },
    finding: { code: 'restricted-path-needs-mount', pointer: '/linux/maskedPaths' },
    peers: { crun: 'masks them on the host’s own mounts' },
  }),
  inside([readonly, 'MUST', 'a read-only path cannot be written to'], {
    change: { '/linux/readonlyPaths': ['/etc', '/proc/sys'] },
    ask: [
      'touch /etc/new',
      'write /etc/file',
      'write /proc/sys/net/ipv4/ip_forward',
      'touch /mnt/new',
    ],
    check: ({ report }) =>
      deepEqual(
        [0, 1, 2, 3].map((n) => errnoOf(report, n)),
        [EROFS, EROFS, EROFS, 0],
      ),
  }),
  inside([readonly, 'MUST', 'a read-only path may be a file'], {
    change: { '/linux/readonlyPaths': ['/etc/file', '/no/such'] },
    ask: ['write /etc/file', 'touch /etc/new'],
    check: ({ report }) =>
      deepEqual(
        [0, 1].map((n) => errnoOf(report, n)),
        [EROFS, 0],
      ),
  }),
  inside([readonly, 'MUST', 'a read-only path keeps its other attributes'], {
    change: {
      '/mounts/-': {
        destination: '/data',
        type: 'tmpfs',
        source: 'tmpfs',
        options: ['nosuid', 'noexec', 'nodev'],
      },
      '/linux/readonlyPaths': ['/data'],
    },
    check: ({ report }) => {
      for (const name of ['ro', 'nosuid', 'noexec', 'nodev'])
        ok(mountAt(report, '/data').options.includes(name), name);
    },
    peers: { crun: '1.8.1 takes the other attributes away' },
  }),
  refused([readonly, 'MUST', 'read-only paths are absolute'], {
    change: { '/linux/readonlyPaths': ['etc/file'] },
    finding: { code: 'restricted-path-absolute', pointer: '/linux/readonlyPaths/0' },
    peers: { runc: 'reads them from /', crun: 'reads them from /' },
  }),
  ...propagations.map(([name, tags]) =>
    inside([root, 'MUST', `${name} is the propagation of the root`], {
      change: { '/linux/rootfsPropagation': name },
      ...(name === 'slave' && {
        prepare: ({ rootfs }) => {
          spawnSync('mount', ['--bind', rootfs, rootfs]);
          spawnSync('mount', ['--make-shared', rootfs]);
        },
      }),
      check: ({ report }) => {
        const seen = mountAt(report, '/').tags.map((tag) => tag.replace(/:\d+$/, ''));
        equal(seen.filter((tag) => tag !== 'propagate_from').join(), tags);
      },
    }),
  ),
  refused([root, 'MUST', 'another propagation is an error'], {
    change: { '/linux/rootfsPropagation': 'wide' },
    finding: { code: 'rootfs-propagation', pointer: '/linux/rootfsPropagation' },
    peers: { crun: 'ignores a word that it does not know' },
  }),
  refused(['config-linux.md#mount-label', 'MUST', 'a mount label without SELinux is an error'], {
    needs: () => (existsSync('/sys/fs/selinux') ? 'a host with SELinux' : undefined),
    change: { '/linux/mountLabel': 'system_u:object_r:svirt_sandbox_file_t:s0:c715,c811' },
    peers: { crun: 'ignores the label where there is no SELinux' },
  }),
  inside(['config-linux.md#personality', 'MUST', 'LINUX32 shows another machine'], {
    change: { '/linux/personality': { domain: 'LINUX32' } },
    check: ({ report }) => equal(report.personality & 0xff, 8),
    peers: { runc: young.runc },
  }),
  inside(['config-linux.md#personality', 'MUST', 'LINUX is the ordinary one'], {
    change: { '/linux/personality': { domain: 'LINUX' } },
    check: ({ report, host }) => deepEqual([report.personality, report.machine], [0, host.machine]),
  }),
  refused(['config-linux.md#personality', 'MUST', 'another domain is an error'], {
    change: { '/linux/personality': { domain: 'BSD' } },
    finding: { code: 'schema/enum', pointer: '/linux/personality/domain' },
    peers: { runc: young.runc },
  }),
  refused(['config-linux.md#personality', 'MUST', 'a personality needs a domain'], {
    change: { '/linux/personality': {} },
    finding: { code: 'schema/required', pointer: '/linux/personality/domain' },
    peers: { runc: young.runc },
  }),
  ...(
    [
      [
        { mode: 'MPOL_BIND', nodes: '0' },
        { mode: 2, flags: 0, nodes: [0] },
      ],
      [
        { mode: 'MPOL_INTERLEAVE', nodes: '0', flags: ['MPOL_F_STATIC_NODES'] },
        { mode: 3, flags: 1 << 15, nodes: [0] },
      ],
      [
        { mode: 'MPOL_PREFERRED', nodes: '0' },
        { mode: 1, flags: 0, nodes: [0] },
      ],
      [{ mode: 'MPOL_LOCAL' }, { mode: 4, flags: 0, nodes: [] }],
      [{ mode: 'MPOL_DEFAULT' }, { mode: 0, flags: 0, nodes: [] }],
    ] as const
  ).map(([given, seen]) =>
    inside([policy, 'MUST', `memory comes by ${given.mode}`], {
      change: { '/linux/memoryPolicy': given },
      check: ({ report }) => deepEqual(report.memoryPolicy, seen),
      ...(given.mode !== 'MPOL_DEFAULT' && { peers: young }),
    }),
  ),
  badPolicy('a memory policy needs a mode', { nodes: '0' }, '/mode', 'schema/required'),
  badPolicy('an unknown mode is an error', { mode: 'MPOL_X' }, '/mode', 'schema/enum'),
  badPolicy(
    'an unknown flag is an error',
    { mode: 'MPOL_BIND', nodes: '0', flags: ['X'] },
    '/flags/0',
    'schema/enum',
  ),
  badPolicy('MPOL_BIND needs nodes', { mode: 'MPOL_BIND' }, '/nodes', 'memory-policy-nodes'),
  badPolicy(
    'MPOL_DEFAULT has no nodes',
    { mode: 'MPOL_DEFAULT', nodes: '0' },
    '/nodes',
    'memory-policy-nodes',
  ),
  inside(['config.md#mounts', 'SHOULD', 'idmap shows a mount’s files with mapped owners'], {
    change: ({ outside }) => ({
      '/mounts/-': {
        destination: '/data',
        type: 'bind',
        source: outside,
        options: ['bind', 'idmap'],
        uidMappings: [{ containerID: 0, hostID: 5000, size: 10 }],
        gidMappings: [{ containerID: 0, hostID: 6000, size: 10 }],
      },
    }),
    ask: ['stat /data/file'],
    check: ({ report }) => deepEqual([act(report).uid, act(report).gid], [5000, 6000]),
    peers: {
      runc: '1.1.5 is older than the property and ignores it',
    },
  }),
  refused(['config.md#mounts', 'MUST', 'uidMappings of a mount come with gidMappings'], {
    change: ({ outside }) => ({
      '/mounts/-': {
        destination: '/data',
        type: 'bind',
        source: outside,
        options: ['bind', 'idmap'],
        uidMappings: [{ containerID: 0, hostID: 5000, size: 10 }],
      },
    }),
    finding: { code: 'mount-idmap-pair', pointer: '/mounts/7/gidMappings' },
    peers: { runc: '1.1.5 is older than the property and ignores it' },
  }),
  refused(
    [
      'config.md#linux-mount-options',
      'MUST',
      'idmap without mappings and user namespace is an error',
    ],
    {
      change: ({ outside }) => ({
        '/mounts/-': {
          destination: '/data',
          type: 'bind',
          source: join(outside),
          options: ['bind', 'idmap'],
        },
      }),
      finding: { code: 'mount-idmap-source', pointer: '/mounts/7/uidMappings' },
      peers: { runc: '1.1.5 does not know the option' },
    },
  ),
];
