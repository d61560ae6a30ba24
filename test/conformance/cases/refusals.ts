/** Documents that are refused for a value alone, whatever the container would have been like. */
import { type Case, refused } from '../case.ts';

const lines = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ containerID: n, hostID: 100000 + n, size: 1 }));

export const refusalCases: readonly Case[] = [
  refused(['config.md#process', 'MUST', 'a console size that no terminal has is an error'], {
    change: { '/process/terminal': true, '/process/consoleSize': { height: 70000, width: 1 } },
    finding: { code: 'console-size', pointer: '/process/consoleSize/height' },
  }),
  refused(['config.md#root', 'MUST', 'an empty root.path is an error'], {
    change: { '/root/path': '' },
    finding: { code: 'root-path', pointer: '/root/path' },
  }),
  refused(['config-linux.md#devices', 'MUST', 'the path of a device is a full path'], {
    change: { '/linux/devices': [{ path: 'dev/fuse', type: 'c', major: 10, minor: 229 }] },
    finding: { code: 'device-path', pointer: '/linux/devices/0/path' },
    peers: { runc: 'reads it from /' },
  }),
  refused(
    [
      'config-linux.md#user-namespace-mappings',
      'MUST',
      'more mappings than the kernel takes are an error',
    ],
    {
      change: {
        '/linux/namespaces': ['pid', 'mount', 'user', 'uts', 'ipc'].map((type) => ({ type })),
        '/linux/uidMappings': lines(341),
        '/linux/gidMappings': lines(1),
      },
      finding: { code: 'id-mapping-count', pointer: '/linux/uidMappings' },
    },
  ),
  refused(['config.md#linux-mount-options', 'MUST', 'idmap is for bind mounts'], {
    change: {
      '/mounts/-': {
        destination: '/data',
        type: 'tmpfs',
        source: 'tmpfs',
        options: ['idmap'],
        uidMappings: lines(1),
        gidMappings: lines(1),
      },
    },
    finding: { code: 'mount-idmap-bind', pointer: '/mounts/7/options' },
  }),
  refused(['config-linux.md#sysctl', 'MUST', 'a sysctl of user needs a user namespace'], {
    change: { '/linux/sysctl': { 'user.max_net_namespaces': '9' } },
    finding: { code: 'sysctl-needs-user', pointer: '/linux/sysctl/user.max_net_namespaces' },
  }),
  refused(['config-linux.md#sysctl', 'MUST', 'kernel.domainname needs a uts namespace'], {
    change: {
      '/linux/namespaces': ['pid', 'mount', 'ipc', 'network'].map((type) => ({ type })),
      '/hostname': undefined,
      '/linux/sysctl': { 'kernel.domainname': 'x' },
    },
    finding: { code: 'sysctl-needs-uts', pointer: '/linux/sysctl/kernel.domainname' },
  }),
];
