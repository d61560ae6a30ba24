import { nulBytes } from '../../../src/bundle/rules/nul-bytes.ts';
import { ruleTable } from '../rule-table.ts';

ruleTable(nulBytes, {
  accepted: [
    {},
    { annotations: { a: '\0' } },
    { linux: { seccomp: { defaultAction: 'SCMP_ACT_LOG', listenerMetadata: '\0' } } },
  ],
  refused: [
    [{ root: { path: 'a\0' } }, 'nul-byte /root/path'],
    [{ hostname: 'a\0b' }, 'nul-byte /hostname'],
    [
      {
        mounts: [
          { destination: '/a', options: ['ro', 'x\0'] },
          { destination: '\0', source: '\0', type: '\0' },
        ],
      },
      'nul-byte /mounts/0/options/1',
      'nul-byte /mounts/1/destination',
      'nul-byte /mounts/1/source',
      'nul-byte /mounts/1/type',
    ],
    [
      { process: { cwd: '/\0', args: ['\0'], env: ['A=\0'] } },
      'nul-byte /process/cwd',
      'nul-byte /process/args/0',
      'nul-byte /process/env/0',
    ],
    [
      {
        linux: {
          mountLabel: 'a\0',
          intelRdt: { closID: '\0' },
          netDevices: { eth0: { name: '\0' } },
        },
      },
      'nul-byte /linux/mountLabel',
      'nul-byte /linux/intelRdt/closID',
      'nul-byte /linux/netDevices/eth0/name',
    ],
    [
      { linux: { sysctl: { 'net.\0': '1' }, cgroupsPath: '\0' } },
      'nul-byte /linux/sysctl/net.\0',
      'nul-byte /linux/cgroupsPath',
    ],
  ],
});
