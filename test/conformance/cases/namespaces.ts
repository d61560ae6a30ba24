/** config-linux.md: namespaces, user namespace mappings, time offsets. */
import { equal, match, notEqual, ok } from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type Case, inside, refused, type World } from '../case.ts';
import { act } from '../report.ts';
import { eventually } from '../stage.ts';

const section = 'config-linux.md#namespaces';
const mapping = 'config-linux.md#user-namespace-mappings';

const types = ['pid', 'network', 'mount', 'ipc', 'uts'];
const links: Readonly<Record<string, string>> = { network: 'net', mount: 'mnt' };
const link = (type: string): string => links[type] ?? type;
const listed = (...names: readonly string[]) => names.map((type) => ({ type }));

const mappings = {
  '/linux/uidMappings': [{ containerID: 0, hostID: 100000, size: 65536 }],
  '/linux/gidMappings': [{ containerID: 0, hostID: 200000, size: 65536 }],
};

const newOnes: readonly Case[] = [...types, 'cgroup', 'user', 'time'].map((type) =>
  inside([section, 'MUST', `a ${type} namespace without a path is a new one`], {
    change: {
      '/linux/namespaces': listed(...new Set([...types, type])),
      ...(type === 'user' && mappings),
    },
    check: ({ report, host }) =>
      notEqual(report.namespaces[link(type)], host.namespaces[link(type)]),
    ...(type === 'time' && {
      peers: {
        runc: '1.1.5 is older than time namespaces and refuses the type',
      },
    }),
  }),
);

const inherited: readonly Case[] = ['pid', 'network', 'ipc', 'uts', 'cgroup', 'user', 'time'].map(
  (type) =>
    inside([section, 'MUST', `a ${type} namespace that is not listed is the runtime’s`], {
      change: {
        '/linux/namespaces': listed(...types.filter((name) => name !== type)),
        ...(type === 'uts' && { '/hostname': undefined }),
      },
      check: ({ report, host }) =>
        equal(report.namespaces[link(type)], host.namespaces[link(type)]),
    }),
);

const holders: ChildProcess[] = [];

/** A process that holds a namespace of the type; its path. The process dies by itself. */
function held(type: string): string {
  const flag =
    {
      network: '--net',
      pid: '--pid',
      mount: '--mount',
      ipc: '--ipc',
      uts: '--uts',
      cgroup: '--cgroup',
      time: '--time',
      user: '--user',
    }[type] ?? '';
  const forks = type === 'pid' || type === 'time';
  const holder = spawn('unshare', [flag, ...(forks ? ['--fork'] : []), 'sleep', '20'], {
    stdio: 'ignore',
  });
  holder.unref();
  holders.push(holder);
  const own = type === 'pid' || type === 'time' ? `${link(type)}_for_children` : link(type);
  const path = `/proc/${holder.pid}/ns/${own}`;
  const { readlinkSync } = process.getBuiltinModule('node:fs');
  const mine = readlinkSync(`/proc/self/ns/${link(type)}`);
  eventually(() => existsSync(path) && readlinkQuiet(path) !== '' && readlinkQuiet(path) !== mine);
  return path;
}

function readlinkQuiet(path: string): string {
  const { readlinkSync } = process.getBuiltinModule('node:fs');
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

const remembered = new Map<string, string>();

const joined: readonly Case[] = ['pid', 'network', 'ipc', 'uts', 'cgroup', 'time'].map((type) =>
  inside([section, 'MUST', `a ${type} namespace with a path is joined`], {
    change: ({ id }: World) => {
      const path = held(type);
      remembered.set(id, readlinkQuiet(path));
      return {
        '/linux/namespaces': [...listed(...types.filter((name) => name !== type)), { type, path }],
        ...(type === 'uts' && { '/hostname': undefined }),
      };
    },
    check: ({ report, world }) => {
      for (const holder of holders.splice(0)) holder.kill('SIGKILL');
      equal(report.namespaces[link(type)], remembered.get(world.id));
    },
    ...(type === 'time' && {
      peers: { runc: '1.1.5 is older than time namespaces and refuses the type' },
    }),
  }),
);

const wrongType: readonly Case[] = ['pid', 'network', 'ipc', 'uts', 'cgroup', 'user', 'time'].map(
  (type) =>
    refused([section, 'MUST', `a path of another type than ${type} is an error`], {
      change: {
        '/linux/namespaces': [
          ...listed(...types.filter((name) => name !== type)),
          { type, path: type === 'uts' ? '/proc/1/ns/ipc' : '/proc/1/ns/uts' },
        ],
        '/hostname': undefined,
      },
    }),
);

export const namespaceCases: readonly Case[] = [
  ...newOnes,
  ...inherited,
  ...joined,
  ...wrongType,
  refused([section, 'MUST', 'a type that is listed twice is an error'], {
    change: { '/linux/namespaces': listed(...types, 'ipc') },
    finding: { code: 'namespace-duplicate', pointer: '/linux/namespaces/5/type' },
    peers: { crun: '1.8.1 takes the last one' },
  }),
  refused([section, 'MUST', 'a relative path is an error'], {
    change: {
      '/linux/namespaces': [
        ...listed(...types.slice(0, 4)),
        { type: 'uts', path: 'proc/1/ns/uts' },
      ],
    },
    finding: { code: 'namespace-path', pointer: '/linux/namespaces/4/path' },
  }),
  refused([section, 'MUST', 'a path that does not exist is an error'], {
    change: {
      '/linux/namespaces': [...listed(...types.slice(0, 4)), { type: 'uts', path: '/no/such' }],
    },
  }),
  refused([section, 'MUST', 'an unknown type is an error'], {
    change: { '/linux/namespaces': listed(...types, 'shoe') },
    finding: { code: 'schema/enum', pointer: '/linux/namespaces/5/type' },
  }),
  refused([section, 'MUST', 'a namespace needs a type'], {
    change: { '/linux/namespaces': [...listed(...types), {}] },
    finding: { code: 'schema/required', pointer: '/linux/namespaces/5/type' },
  }),
  inside([mapping, 'MUST', 'ids of the user namespace are mapped as listed'], {
    change: { '/linux/namespaces': listed(...types, 'user'), ...mappings },
    check: ({ report }) => {
      match(report.uidMap.join(), /^\s*0\s+100000\s+65536$/);
      match(report.gidMap.join(), /^\s*0\s+200000\s+65536$/);
      equal(report.uid.effective, 0);
    },
  }),
  inside([mapping, 'SHOULD', 'the files of the root keep their owners'], {
    change: { '/linux/namespaces': listed(...types, 'user'), ...mappings },
    ask: ['stat /etc/file'],
    check: ({ report }) => equal(act(report).uid, 65534),
  }),
  refused([mapping, 'MUST', 'a user namespace without mappings is an error'], {
    change: { '/linux/namespaces': listed(...types, 'user') },
    finding: { code: 'user-namespace-mappings', pointer: '/linux/uidMappings' },
  }),
  refused([mapping, 'MUST', 'mappings without a user namespace are an error'], {
    change: mappings,
    finding: { code: 'user-namespace-mappings', pointer: '/linux/uidMappings' },
    peers: { runc: '1.1.5 ignores them', crun: 'ignores them' },
  }),
  refused([mapping, 'MUST', 'a mapping of no ids is an error'], {
    change: {
      '/linux/namespaces': listed(...types, 'user'),
      ...mappings,
      '/linux/uidMappings': [{ containerID: 0, hostID: 1, size: 0 }],
    },
    finding: { code: 'id-mapping-size', pointer: '/linux/uidMappings/0/size' },
  }),
  refused([mapping, 'MUST', 'mappings that overlap are an error'], {
    change: {
      '/linux/namespaces': listed(...types, 'user'),
      ...mappings,
      '/linux/gidMappings': [
        { containerID: 0, hostID: 1000, size: 10 },
        { containerID: 5, hostID: 5000, size: 10 },
      ],
    },
    finding: { code: 'id-mapping-overlap', pointer: '/linux/gidMappings/1/containerID' },
  }),
  inside(
    ['config-linux.md#offset-for-time-namespace', 'MUST', 'the clocks are moved by their offsets'],
    {
      change: {
        '/linux/namespaces': listed(...types, 'time'),
        '/linux/timeOffsets': {
          monotonic: { secs: 86400 },
          boottime: { secs: 172800, nanosecs: 5 },
        },
      },
      check: ({ report }) => {
        ok(report.timeOffsets.some((line) => /^monotonic\s+86400\s+0$/.test(line)));
        ok(report.timeOffsets.some((line) => /^boottime\s+172800\s+5$/.test(line)));
        ok(report.clocks.boottime - report.clocks.monotonic > 80000);
      },
      peers: { runc: '1.1.5 is older than time namespaces and refuses the type' },
    },
  ),
  refused(
    ['config-linux.md#offset-for-time-namespace', 'MUST', 'offsets need a new time namespace'],
    {
      change: { '/linux/timeOffsets': { monotonic: { secs: 1 } } },
      finding: { code: 'time-offsets-need-time', pointer: '/linux/timeOffsets' },
      peers: {
        runc: '1.1.5 is older than the property and ignores it',
        crun: '1.8.1 ignores them',
      },
    },
  ),
];
