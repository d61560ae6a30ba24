/** config-linux.md: cgroupsPath, netDevices and intelRdt. */
import { deepEqual, equal, match, notEqual, ok } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type Case, inside, life, refused, type World } from '../case.ts';
import { parseReport } from '../report.ts';

const cgroups = 'config-linux.md#cgroups-path';
const network = 'config-linux.md#network-devices';
const rdt = 'config-linux.md#intelrdt';

const young = {
  runc: '1.1.5 is older than the property and ignores it',
  crun: '1.8.1 is older than the property and ignores it',
};

const device = (id: string): string => `v${id.replaceAll(/\D/g, '').slice(0, 10)}`;

/** A pair of devices on the host; the test moves the first. The namespace's end takes both away. */
function makePair({ id }: World): void {
  const name = device(id);
  spawnSync('ip', ['link', 'add', name, 'type', 'veth', 'peer', 'name', `${name}p`]);
  spawnSync('ip', ['address', 'add', '192.0.2.77/24', 'dev', name]);
}

const removePair = ({ id }: World): void => {
  for (const name of [device(id), `${device(id)}p`]) spawnSync('ip', ['link', 'delete', name]);
};

const noVeth = (): string | undefined =>
  spawnSync('ip', ['-V']).status === 0 ? undefined : 'a host without ip(8)';

const noResctrl = (): string | undefined =>
  existsSync('/sys/fs/resctrl/schemata') ? undefined : 'a host without resctrl';

const isUp = 1;

export const cgroupCases: readonly Case[] = [
  life([cgroups, 'MUST', 'an absolute path is below the mount point of the cgroups'], {
    live: ({ create, world }) => {
      equal(create().status, 0);
      ok(
        existsSync(`/sys/fs/cgroup/memory${world.cgroup}`) ||
          existsSync(`/sys/fs/cgroup${world.cgroup}`),
      );
    },
  }),
  life([cgroups, 'MUST', 'the same path is the same place, after delete as well'], {
    ask: ['exit 0'],
    live: (at) => {
      for (const round of [1, 2]) {
        equal(at.create().status, 0, `round ${round}`);
        const { cgroups: lines } = (at.start(), at.reaches('stopped'), at.report());
        ok(
          lines.some((line) => line.endsWith(at.world.cgroup)),
          lines.join(),
        );
        equal(at.remove().status, 0);
      }
    },
  }),
  life(['runtime.md#delete', 'MUST', 'the cgroup is gone after delete'], {
    live: (at) => {
      equal(at.create().status, 0);
      equal(at.kill('KILL').status, 0);
      ok(at.reaches('stopped'));
      equal(at.remove().status, 0);
      deepEqual(at.leftovers(), []);
    },
  }),
  refused([cgroups, 'MUST', 'a path that leads out of its hierarchy is an error'], {
    change: { '/linux/cgroupsPath': '/../../etc' },
    finding: { code: 'cgroups-path', pointer: '/linux/cgroupsPath' },
    peers: { runc: 'takes the dots out' },
  }),
  inside([network, 'MUST', 'a device is moved, is up, and keeps its address'], {
    needs: noVeth,
    prepare: makePair,
    clean: removePair,
    change: ({ id }) => ({ '/linux/netDevices': { [device(id)]: {} } }),
    check: ({ report, world }) => {
      const name = device(world.id);
      equal((report.links[name] ?? 0) & isUp, isUp);
      ok(report.addresses.some((one) => one.device === name && one.address === '192.0.2.77'));
    },
    peers: young,
  }),
  inside([network, 'MUST', 'a device gets the name that the config gives it'], {
    needs: noVeth,
    prepare: makePair,
    clean: removePair,
    change: ({ id }) => ({ '/linux/netDevices': { [device(id)]: { name: 'inner' } } }),
    check: ({ report }) => {
      ok('inner' in report.links);
    },
    peers: young,
  }),
  inside([network, 'MUST', 'a template gets a name that is free'], {
    needs: noVeth,
    prepare: makePair,
    clean: removePair,
    change: ({ id }) => ({ '/linux/netDevices': { [device(id)]: { name: 'eth%d' } } }),
    check: ({ report }) => {
      ok('eth0' in report.links);
    },
    peers: young,
  }),
  refused([network, 'MUST', 'a name that is taken in the container is an error'], {
    needs: noVeth,
    prepare: makePair,
    clean: removePair,
    change: ({ id }) => ({ '/linux/netDevices': { [device(id)]: { name: 'lo' } } }),
    peers: young,
  }),
  refused([network, 'MUST', 'a device that does not exist is an error'], {
    change: { '/linux/netDevices': { nosuch0: {} } },
    peers: young,
  }),
  refused([network, 'MUST', 'devices need a network namespace'], {
    change: {
      '/linux/namespaces': ['pid', 'ipc', 'uts', 'mount'].map((type) => ({ type })),
      '/linux/netDevices': { nosuch0: {} },
    },
    finding: { code: 'net-devices-need-network', pointer: '/linux/netDevices' },
    peers: young,
  }),
  refused([network, 'MUST', 'a name that no device can have is an error'], {
    change: { '/linux/netDevices': { nosuch0: { name: 'much-too-long-name' } } },
    finding: { code: 'net-device-name', pointer: '/linux/netDevices/nosuch0/name' },
    peers: young,
  }),
  refused([network, 'MUST', 'two devices with one name are an error'], {
    change: { '/linux/netDevices': { a0: { name: 'c0' }, b0: { name: 'c0' } } },
    finding: { code: 'net-device-duplicate', pointer: '/linux/netDevices/b0/name' },
    peers: young,
  }),
  refused([rdt, 'MUST', 'without resctrl intelRdt is an error'], {
    needs: () => (noResctrl() === undefined ? 'a host with resctrl' : undefined),
    change: { '/linux/intelRdt': { closID: 'group', l3CacheSchema: 'L3:0=f' } },
    peers: { crun: '1.8.1 leaves it out where there is no resctrl' },
  }),
  refused([rdt, 'MUST', 'memBwSchema starts with MB:'], {
    change: { '/linux/intelRdt': { memBwSchema: 'L3:0=f' } },
    finding: { code: 'intel-rdt-schema', pointer: '/linux/intelRdt/memBwSchema' },
    peers: { crun: '1.8.1 leaves it out where there is no resctrl' },
  }),
  refused([rdt, 'MUST', 'a line of schemata is one line'], {
    change: { '/linux/intelRdt': { schemata: ['L3:0=f\nMB:0=10'] } },
    finding: { code: 'intel-rdt-schema', pointer: '/linux/intelRdt/schemata/0' },
    peers: young,
  }),
  refused([rdt, 'MUST', 'closID names no other folder'], {
    change: { '/linux/intelRdt': { closID: '../other', l3CacheSchema: 'L3:0=f' } },
    finding: { code: 'intel-rdt-clos', pointer: '/linux/intelRdt/closID' },
    peers: { crun: '1.8.1 leaves it out where there is no resctrl' },
  }),
  life(
    [
      'config-linux.md#cgroup-ownership',
      'SHOULD',
      'the cgroup stays root’s without a cgroup namespace',
    ],
    {
      live: ({ create, world }) => {
        equal(create().status, 0);
        const path = ['/memory', '']
          .map((name) => `/sys/fs/cgroup${name}${world.cgroup}`)
          .find((name) => existsSync(name));
        notEqual(path, undefined);
        match(spawnSync('stat', ['-c', '%u', path ?? ''], { encoding: 'utf8' }).stdout, /^0\n$/);
      },
    },
  ),
  life(
    [
      'config-linux.md#namespaces',
      'MUST',
      'an exec’ed process is in the container’s namespaces and cgroup',
    ],
    {
      ask: ['sleep 60'],
      live: ({ create, start, run, world }) => {
        equal(create().status, 0);
        equal(start().status, 0);
        const { stdout, status } = run('exec', world.id, '/bin/probe');
        equal(status, 0);
        const report = parseReport(stdout);
        equal(report.hostname, 'conformance');
        notEqual(report.pid, 1);
        ok(report.cgroups.some((line) => line.endsWith(world.cgroup)));
      },
    },
  ),
];
